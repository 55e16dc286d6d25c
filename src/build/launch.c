/* SPDX-License-Identifier: MIT */
/* launch.c - the wrapper in front of a compiler's own command line, for CMake */
#include "build/build.h"

#include "build/command.h"
#include "build/link.h"
#include "build/overlay.h"
#include "build/pass.h"
#include "build/path.h"
#include "build/process.h"
#include "build/redefine.h"
#include "build/toolchain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A compiler's command line, taken apart. */
struct invocation {
    struct toolchain toolchain;
    struct unit unit;  /* source NULL: it does not compile one unit */
    struct words all;  /* every option except -c, -o, -shared and the source */
    struct words code; /* those of all that a preprocessed unit still needs */
    const char *output;
    char *dependencies; /* file of -MD, or NULL */
    bool names_target;  /* -MT or -MQ */
    bool links;
    char *workspace;
};

/* Options whose value is the next word. */
static const char *const preprocessor_pairs[] = {
    "-MF", "-MT", "-MQ", "-I", "-D", "-U", "-include", "-isystem", "-iquote", "-idirafter", NULL};
static const char *const preprocessor_alone[] = {"-MD", "-MMD", "-MP", "-M", "-MM", NULL};
static const char *const other_pairs[] = {"-Xclang", "-Xlinker", "-arch", "-target", "-x", NULL};

static bool
is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(word, *list))
            return true;
    return false;
}

static bool
is_preprocessors(const char *word)
{
    return is_one_of(word, preprocessor_alone) || !strncmp(word, "-I", 2) ||
           !strncmp(word, "-D", 2) || !strncmp(word, "-U", 2);
}

static void
take_sanitizers(struct invocation *invocation, const char *list)
{
    while (*list) {
        size_t length = strcspn(list, ",");

        invocation->toolchain.sanitizers |= sanitizer_parse(list, length);
        list += length + (list[length] == ',');
    }
}

static void
take_pair(struct invocation *invocation, const char *option, const char *value)
{
    bool preprocessors = is_one_of(option, preprocessor_pairs);

    words_add(&invocation->all, option);
    words_add(&invocation->all, value);
    if (!preprocessors) {
        words_add(&invocation->code, option);
        words_add(&invocation->code, value);
    }
    if (!strcmp(option, "-MF")) {
        free(invocation->dependencies);
        invocation->dependencies = string_copy(value);
    }
    invocation->names_target |= !strcmp(option, "-MT") || !strcmp(option, "-MQ");
    if (!strcmp(option, "-I") || !strcmp(option, "-isystem"))
        words_add(&invocation->unit.includes, value);
    if (!strcmp(option, "-include"))
        words_add(&invocation->unit.forced, value);
}

static void
take_word(struct invocation *invocation, const char *word)
{
    if (!strcmp(word, "-fsanitize=races")) { /* undis' own: no compiler knows it */
        take_sanitizers(invocation, "races");
        return;
    }
    words_add(&invocation->all, word);
    if (!is_preprocessors(word))
        words_add(&invocation->code, word);
    if (!strncmp(word, "-I", 2))
        words_add(&invocation->unit.includes, word + 2);
    if (!strncmp(word, "-fsanitize=", 11))
        take_sanitizers(invocation, word + 11);
    if (!strcmp(word, "--coverage"))
        invocation->toolchain.coverage = true;
}

static bool
is_source(const char *word)
{
    return *word != '-' && (path_has_extension(word, "c") || unit_is_cxx(word));
}

static void
take_apart(struct invocation *invocation, char *const *words)
{
    bool compiles = false;
    bool depends = false;
    char *source = NULL;

    for (; *words; words++) {
        bool pair = is_one_of(*words, preprocessor_pairs) || is_one_of(*words, other_pairs);

        depends |= !strcmp(*words, "-MD") || !strcmp(*words, "-MMD");
        if (!strcmp(*words, "-c"))
            compiles = true;
        else if (!strcmp(*words, "-shared"))
            invocation->links = true;
        else if (!strcmp(*words, "-o") && words[1])
            invocation->output = *++words;
        else if (pair && words[1])
            take_pair(invocation, words[0], words[1]), words++;
        else if (is_source(*words) && !source)
            source = *words;
        else
            take_word(invocation, *words);
    }
    invocation->unit.source = compiles && source && invocation->output ? string_copy(source) : NULL;
    invocation->links &= !compiles && invocation->output;
    if (depends && !invocation->dependencies && invocation->output) {
        char *stem = path_stem(invocation->output);
        char *folder = path_folder(invocation->output);

        invocation->dependencies = string_format("%s/%s.d", folder, stem);
        free(folder);
        free(stem);
    }
    if (!depends) {
        free(invocation->dependencies);
        invocation->dependencies = NULL;
    }
}

/* Files of the overlay are gone when the build tool looks for them. */
static void
clean_dependencies(const struct invocation *invocation)
{
    struct text before = {0};
    struct text after = {0};
    const char *at;

    if (!invocation->dependencies || text_read_file(&before, invocation->dependencies)) {
        text_free(&before);
        return;
    }
    at = before.bytes;
    while (*at) {
        size_t space = strspn(at, " \t\r\n");
        size_t word = strcspn(at + space, " \t\r\n");
        bool ours =
            word > 1 && !strncmp(at + space, invocation->workspace, strlen(invocation->workspace));

        text_add(&after, at, ours ? space : space + word);
        at += space + word;
    }
    text_write_file(&after, invocation->dependencies);
    text_free(&after);
    text_free(&before);
}

static int
launch_preprocess(const struct invocation *invocation, const char *overlay, const char *plain)
{
    bool cxx = unit_is_cxx(invocation->unit.source);
    struct words command = {0};
    int status;

    words_add(&command, invocation->toolchain.compiler);
    words_add(&command, "-E");
    command_abi(&command, &invocation->toolchain, cxx);
    command_environment(&command, &invocation->toolchain);
    words_add_all(&command, &invocation->all);
    words_add(&command, "-w");
    words_format(&command, "-I%s", overlay);
    if (invocation->dependencies && !invocation->names_target) {
        words_add(&command, "-MT");
        words_add(&command, invocation->output);
        words_add(&command, "-MF");
        words_add(&command, invocation->dependencies);
    }
    words_add(&command, invocation->unit.source);
    words_add(&command, "-o");
    words_add(&command, plain);
    status = process_run(command.items, NULL);
    words_free(&command);
    clean_dependencies(invocation);
    return status;
}

static int
launch_code(
    const struct invocation *invocation, const char *plain, const char *mapped, bool exceptions)
{
    bool cxx = unit_is_cxx(invocation->unit.source);
    char *log = string_format("%s.said", plain);
    struct words command = {0};
    int status;

    words_add(&command, invocation->toolchain.compiler);
    command_abi(&command, &invocation->toolchain, cxx);
    command_code(&command, &invocation->toolchain, cxx, exceptions);
    words_add_all(&command, &invocation->code);
    if (exceptions)
        words_add(&command, "-O0");
    words_add(&command, "-x");
    words_add(&command, cxx ? "c++-cpp-output" : "cpp-output");
    words_add(&command, "-c");
    words_add(&command, mapped);
    words_add(&command, "-o");
    words_add(&command, invocation->output);
    status =
        redefine_compile(&command, plain, mapped, &invocation->toolchain.header_folders, cxx, log);
    words_free(&command);
    free(log);
    return status;
}

static int
launch_compile(struct invocation *invocation)
{
    struct overlay overlay;
    struct pass_result result;
    char *plain = string_format("%s/unit.i", invocation->workspace);
    char *mapped = string_format("%s/unit.w.i", invocation->workspace);
    bool cxx = unit_is_cxx(invocation->unit.source);
    int status;

    overlay_open(&overlay, invocation->workspace, &invocation->toolchain);
    overlay_scan(&overlay, &invocation->unit);
    overlay_define_words(&overlay, &invocation->all, "-D");
    overlay_write_trace_headers(&overlay);
    status = launch_preprocess(invocation, overlay.root, plain);
    if (!status) {
        struct pass_request request = {&invocation->toolchain.header_folders, cxx, NULL, NULL};

        status = pass_file(plain, mapped, &request, &result);
        if (status)
            fprintf(stderr, "undis build: %s: %s\n", mapped, strerror(-status));
        else
            status = launch_code(invocation, plain, mapped, result.uses_exceptions);
    }
    overlay_close(&overlay);
    free(mapped);
    free(plain);
    return status ? BUILD_FAILED : BUILD_OK;
}

static int
launch_link(struct invocation *invocation)
{
    struct link_job job = {
        &invocation->toolchain, &invocation->all, invocation->workspace, invocation->output};
    int status = link_driver(&job);

    if (status)
        unlink(invocation->output);
    return status ? BUILD_FAILED : BUILD_OK;
}

static int
launch_work(void *context, size_t task)
{
    struct invocation *invocation = context;

    (void)task;
    return invocation->links ? launch_link(invocation) : launch_compile(invocation);
}

static int
launch_in_child(struct invocation *invocation)
{
    struct crew crew;
    size_t task;
    int status = BUILD_FAILED;

    crew_open(&crew);
    invocation->workspace = workspace_create();
    if (!invocation->workspace) {
        perror("undis build: temporary folder");
        crew_close(&crew);
        return BUILD_FAILED;
    }
    crew_start(&crew, launch_work, invocation, 0);
    if (!crew_wait(&crew, &task, &status))
        status = 128 + crew.stopped_by;
    crew_stop(&crew);
    workspace_destroy(invocation->workspace, false);
    crew_close(&crew);
    return status;
}

static void
invocation_free(struct invocation *invocation)
{
    toolchain_free(&invocation->toolchain);
    unit_free(&invocation->unit);
    words_free(&invocation->all);
    words_free(&invocation->code);
    free(invocation->dependencies);
}

int
build_launch(char *const arguments[])
{
    struct invocation invocation = {0};
    struct toolchain toolchain;
    char *error = NULL;
    int status;

    take_apart(&invocation, arguments + 1);
    if (!invocation.unit.source && !invocation.links) {
        status = process_run(arguments, NULL);
    } else if (!toolchain_find(&toolchain, arguments[0], NULL, NULL, invocation.links, &error)) {
        fprintf(stderr, "undis build: %s\n", error);
        free(error);
        toolchain_free(&toolchain);
        status = BUILD_USAGE;
    } else {
        toolchain.sanitizers = invocation.toolchain.sanitizers;
        toolchain.coverage = invocation.toolchain.coverage;
        invocation.toolchain = toolchain;
        status = launch_in_child(&invocation);
    }
    invocation_free(&invocation);
    return status;
}
