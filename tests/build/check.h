/* SPDX-License-Identifier: MIT */
/* check.h - what the tests of the compiler wrapper share: checks, temporary folders, tiny headers */
#ifndef TESTS_BUILD_CHECK_H
#define TESTS_BUILD_CHECK_H

#include "build/build.h"
#include "build/pass.h"
#include "build/path.h"
#include "build/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIP 77

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(EXIT_FAILURE);                                                                    \
        }                                                                                          \
    } while (0)

#define CHECK_TEXT(got, wanted)                                                                    \
    do {                                                                                           \
        if (strcmp(got, wanted)) {                                                                 \
            fprintf(stderr, "%s:%d: got    \"%s\"\n wanted \"%s\"\n", __FILE__, __LINE__, got,     \
                wanted);                                                                           \
            exit(EXIT_FAILURE);                                                                    \
        }                                                                                          \
    } while (0)

/* A driver's line after the pass; the caller frees it. */
static inline char *
mapped(const char *line, bool cxx)
{
    struct words headers = {0};
    struct pass_request request = {&headers, cxx, NULL, NULL};
    struct text from = {0};
    struct text to = {0};

    words_add(&headers, "/km");
    text_add_string(&from, line);
    pass_text(&from, &request, &to);
    text_free(&from);
    words_free(&headers);
    return to.bytes;
}

#define CHECK_MAPPED(line, wanted)                                                                 \
    do {                                                                                           \
        char *got_ = mapped(line, false);                                                          \
        CHECK_TEXT(got_, wanted);                                                                  \
        free(got_);                                                                                \
    } while (0)

/* A file of a test's folder, with the folders above it. */
static inline void
put_file(const char *folder, const char *name, const char *content)
{
    char *path = string_format("%s/%s", folder, name);
    char *parent = path_folder(path);
    struct text text = {0};

    text_add_string(&text, content);
    CHECK(path_make_folders(parent) == 0);
    CHECK(text_write_file(&text, path) == 0);
    text_free(&text);
    free(parent);
    free(path);
}

static inline char *
test_folder(void)
{
    char *folder = string_copy("/tmp/undis-test-XXXXXX");

    CHECK(mkdtemp(folder));
    return folder;
}

/* Headers and libraries just large enough to build a driver with. */
static inline void
put_kit(const char *folder)
{
    char *command = string_format(
        "cd %s/lib && gcc -shared -fPIC -Wl,-soname,libundis.so -o libundis.so undis.c && "
        "gcc -c -o crt.o crt.c && ar rc libundis_crt.a crt.o",
        folder);

    put_file(folder, "km/ndis.h",
        "#pragma once\n"
        "typedef __UINT64_TYPE__ ULONG64;\ntypedef unsigned int ULONG;\n"
        "#define SIZE_OF_KIT ((__SIZE_TYPE__)sizeof(ULONG64))\n"
        "#define __try if (undis_seh_push())\n"
        "int undis_seh_push(void);\nint NdisGood(ULONG);\n");
    put_file(folder, "km/crt/string.h", "#pragma once\n");
    put_file(folder, "lib/undis.c",
        "int NdisGood(int a) { return a; }\n"
        "int undis_seh_push(void) { return 1; }\n");
    put_file(folder, "lib/crt.c", "void *undis_crt_only(void) { return 0; }\n");
    if (system(command)) {
        path_remove_tree(folder);
        exit(SKIP);
    }
    free(command);
}

/* Builds folder/driver with the kit; what it prints to stderr is added to said. */
static inline int
build_with_kit(const char *folder, const struct build_request *request, struct text *said)
{
    char *headers = string_format("%s/km", folder);
    char *libraries = string_format("%s/lib", folder);
    char *target = string_format("%s/driver", folder);
    char *output = string_format("%s/driver.so", folder);
    char *log = string_format("%s/said", folder);
    struct build_request whole = *request;
    int kept = dup(STDERR_FILENO);
    int status;

    whole.kernel_headers = headers;
    whole.library_dir = libraries;
    if (!whole.target)
        whole.target = target;
    if (!whole.output)
        whole.output = output;
    fflush(NULL);
    CHECK(freopen(log, "w", stderr));
    status = build_driver(&whole);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    if (said)
        text_read_file(said, log);
    free(log);
    free(output);
    free(target);
    free(libraries);
    free(headers);
    return status;
}

#endif
