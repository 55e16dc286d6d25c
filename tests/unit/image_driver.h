/* SPDX-License-Identifier: MIT */
/* A driver of a few lines, built by the compiler at hand, and a library that stands for undis. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define IMAGE_SANITIZE "-fsanitize=address"
#elif defined(__SANITIZE_THREAD__)
#define IMAGE_SANITIZE "-fsanitize=thread"
#else
#define IMAGE_SANITIZE ""
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#undef IMAGE_SANITIZE
#define IMAGE_SANITIZE "-fsanitize=address -shared-libasan"
#elif __has_feature(thread_sanitizer)
#undef IMAGE_SANITIZE
#define IMAGE_SANITIZE "-fsanitize=thread"
#endif
#endif
#ifdef __clang__
#define IMAGE_CC "clang"
#else
#define IMAGE_CC "gcc"
#endif

static char image_folder[64];

static void
image_folder_remove(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf %s", image_folder);
    if (system(command))
        perror(command);
}

/* Compiles @source to @name in the folder of this test. Ends the test with 77 without compiler. */
static inline void
image_build(const char *name, const char *source, const char *flags)
{
    char path[128], command[1024];
    FILE *file;

    if (!*image_folder) {
        strcpy(image_folder, "/tmp/undis-test-XXXXXX");
        if (!mkdtemp(image_folder) || system(IMAGE_CC " --version >/dev/null 2>&1"))
            exit(77);
        atexit(image_folder_remove);
    }
    snprintf(path, sizeof(path), "%s/%s.c", image_folder, name);
    file = fopen(path, "w");
    if (!file || fputs(source, file) < 0 || fclose(file))
        exit(1);
    snprintf(command, sizeof(command),
        "cd %s && " IMAGE_CC " " IMAGE_SANITIZE " -g -fPIC -shared -o %s %s.c %s", image_folder,
        name, name, flags);
    if (system(command))
        exit(1);
}

static const char image_source[] = "int service(int);\n"
                                   "int (*pointer)(int) = service;\n"
                                   "int counter = 1;\n"
                                   "int step(int by)\n"
                                   "{\n"
                                   "    counter += by;\n"
                                   "    return service(counter);\n"
                                   "}\n"
                                   "int DriverEntry(int by)\n"
                                   "{\n"
                                   "    return step(by) * 1000 + pointer(by);\n"
                                   "}\n";
static const char image_library[] = "int service(int n) { return -n; }\n";

/* driver.so needs libservice.so, whose service() must never be called. */
static inline const char *
image_build_driver(void)
{
    static char path[128];

    image_build("libservice.so", image_library, "");
    image_build("driver.so", image_source, "-L. -lservice -Wl,-rpath,'$ORIGIN' -Wl,-z,relro");
    snprintf(path, sizeof(path), "%s/driver.so", image_folder);
    return path;
}
