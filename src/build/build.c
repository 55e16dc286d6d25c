/* SPDX-License-Identifier: MIT */
/*
 * build.c - drives a build
 *
 *   unit.c -- preprocess --> unit.i -- pass --> unit.w.i -- compile --> unit.o --+
 *   ...                                                                          +-- link --> .so
 *
 * Two units at a time, each in a child of its own whose output is shown when it ends.
 */
#include "build/build.h"

#include "build/command.h"
#include "build/link.h"
#include "build/overlay.h"
#include "build/pass.h"
#include "build/path.h"
#include "build/process.h"
#include "build/project.h"
#include "build/redefine.h"
#include "build/toolchain.h"
#include "build/unicode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct build {
    const struct build_request *request;
    struct toolchain toolchain;
    struct project project;
    struct overlay overlay;
    struct crew crew;
    char *workspace;
    char *object_folder; /* the workspace; a lasting folder for --coverage */
    char *output;
    bool terminal;
};

static int
usage(char *error)
{
    fprintf(stderr, "undis build: %s\n", error);
    free(error);
    return BUILD_USAGE;
}

static char *
unit_file(const struct build *build, size_t task, const char *extension)
{
    char *stem = path_stem(build->project.units[task].source);
    bool object = !strcmp(extension, "o");
    char *path = string_format(
        "%s/%zu-%s.%s", object ? build->object_folder : build->workspace, task, stem, extension);

    free(stem);
    return path;
}

static int
compile_pass(
    const struct build *build, const char *plain, const char *mapped, const char *object, bool cxx)
{
    struct pass_request request = {&build->toolchain.header_folders, cxx, NULL, NULL};
    struct pass_result result;
    struct words command = {0};
    char *log = string_format("%s.said", plain);
    int status = pass_file(plain, mapped, &request, &result);

    if (status) {
        fprintf(stderr, "undis build: %s: %s\n", mapped, strerror(-status));
    } else {
        command_compile(&command, &build->toolchain, cxx, result.uses_exceptions, mapped, object);
        if (build->toolchain.verbose)
            command_print(&command);
        status = redefine_compile(&command, plain, mapped, request.headers, cxx, log);
    }
    words_free(&command);
    free(log);
    return status;
}

/* Runs in a child: stdout and stderr go to the unit's log. */
static int
compile_unit(void *context, size_t task)
{
    const struct build *build = context;
    const struct unit *unit = &build->project.units[task];
    bool cxx = unit_is_cxx(unit->source);
    char *plain = unit_file(build, task, "i");
    char *mapped = unit_file(build, task, "w.i");
    char *object = unit_file(build, task, "o");
    char *log = unit_file(build, task, "log");
    struct words command = {0};
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    int status;

    if (file >= 0) {
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        close(file);
    }
    command_preprocess(&command, &build->toolchain, unit, build->overlay.root, plain);
    if (build->toolchain.verbose)
        command_print(&command);
    status = process_run(command.items, NULL);
    if (!status)
        status = compile_pass(build, plain, mapped, object, cxx);
    words_free(&command);
    free(log);
    free(object);
    free(mapped);
    free(plain);
    return status;
}

static void
show_progress(const struct build *build, size_t done, const char *what)
{
    if (build->terminal)
        fprintf(stderr, "\r\033[K[%zu/%zu] %s", done, build->project.count + 1, what);
}

static void
end_progress(const struct build *build)
{
    if (build->terminal)
        fputs("\r\033[K", stderr);
}

static void
show_log(const struct build *build, size_t task)
{
    char *log = unit_file(build, task, "log");
    struct text text = {0};

    if (!text_read_file(&text, log) && text.length) {
        end_progress(build);
        (void)fwrite(text.bytes, 1, text.length, stderr);
    }
    text_free(&text);
    free(log);
}

static int
compile_all(struct build *build)
{
    struct crew *crew = &build->crew;
    size_t next = 0;
    size_t done = 0;
    size_t failed = 0;
    size_t task;
    int status;

    while (next < build->project.count || !crew_is_idle(crew)) {
        while (next < build->project.count && !crew_is_full(crew) && !crew->stopped_by) {
            show_progress(build, done, build->project.units[next].source);
            crew_start(crew, compile_unit, build, next++);
        }
        if (!crew_wait(crew, &task, &status))
            break;
        done++;
        show_log(build, task);
        failed += status != 0;
    }
    end_progress(build);
    if (crew->stopped_by)
        return 128 + crew->stopped_by;
    if (failed)
        fprintf(stderr, "undis build: %s: %zu of %zu files did not compile\n", build->project.name,
            failed, build->project.count);
    return failed ? BUILD_FAILED : BUILD_OK;
}

static int
link_work(void *context, size_t task)
{
    const struct build *build = context;
    struct words objects = {0};
    struct link_job job = {&build->toolchain, &objects, build->workspace, build->output};
    int status;

    (void)task;
    for (size_t i = 0; i < build->project.count; i++)
        words_take(&objects, unit_file(build, i, "o"));
    status = link_driver(&job);
    words_free(&objects);
    return status;
}

static int
link_all(struct build *build)
{
    size_t task;
    int status;

    show_progress(build, build->project.count, build->output);
    crew_start(&build->crew, link_work, build, 0);
    if (!crew_wait(&build->crew, &task, &status))
        status = 128 + build->crew.stopped_by;
    end_progress(build);
    crew_stop(&build->crew);
    if (status)
        unlink(build->output);
    return status && status < 128 ? BUILD_FAILED : status;
}

static void
add_requested(struct build *build)
{
    const struct build_request *request = build->request;

    for (size_t i = 0; i < build->project.count; i++) {
        words_add_all(&build->project.units[i].defines, &request->defines);
        words_add_all(&build->project.units[i].includes, &request->includes);
    }
    for (size_t i = 0; i < build->project.warnings.count; i++)
        fprintf(stderr, "undis build: %s\n", build->project.warnings.items[i]);
    for (size_t i = 0; request->verbose && i < build->project.notes.count; i++)
        fprintf(stderr, "undis build: %s\n", build->project.notes.items[i]);
    build->toolchain.sanitizers = request->sanitizers;
    build->toolchain.coverage = request->coverage;
    build->toolchain.verbose = request->verbose;
    build->toolchain.color = build->terminal;
    build->output = request->output ? string_copy(request->output)
                                    : string_format("%s.so",
                                          request->name ? request->name : build->project.name);
}

/* Coverage data are written beside the objects when the driver runs: those have to last. */
static int
prepare_object_folder(struct build *build)
{
    char *folder = path_folder(build->output);
    char *absolute = realpath(folder, NULL);
    char *stem = path_stem(build->output);

    free(folder);
    build->object_folder = build->toolchain.coverage
                               ? string_format("%s/%s.coverage", absolute ? absolute : ".", stem)
                               : string_copy(build->workspace);
    free(stem);
    free(absolute);
    return path_make_folders(build->object_folder);
}

/* Compilers on Linux read no UTF-16: they get a copy. */
static void
translate_sources(struct build *build)
{
    for (size_t i = 0; i < build->project.count; i++) {
        struct unit *unit = &build->project.units[i];
        struct text read = {0}, text = {0};
        bool changed;

        if (!text_read_source(&read, unit->source, &changed) && changed) {
            unit->text = unit_file(build, i, "utf8");
            text_format(&text, "#line 1 \"%s\"\n", unit->source);
            text_add(&text, read.bytes, read.length);
            if (text_write_file(&text, unit->text))
                perror(unit->text);
        }
        text_free(&text);
        text_free(&read);
    }
}

static void
make_overlay(struct build *build)
{
    overlay_open(&build->overlay, build->workspace, &build->toolchain);
    for (size_t i = 0; i < build->project.trace_functions.count; i++)
        overlay_add_trace_function(&build->overlay, build->project.trace_functions.items[i]);
    for (size_t i = 0; i < build->project.count; i++)
        overlay_scan(&build->overlay, &build->project.units[i]);
    for (size_t i = 0; i < build->project.count; i++)
        if (!unit_is_cxx(build->project.units[i].source))
            overlay_define_words(&build->overlay, &build->project.units[i].defines, "");
    overlay_write_trace_headers(&build->overlay);
}

static int
build_run(struct build *build)
{
    int status;

    crew_open(&build->crew);
    build->workspace = workspace_create();
    if (!build->workspace || prepare_object_folder(build)) {
        perror("undis build: temporary folder");
        status = BUILD_FAILED;
    } else {
        translate_sources(build);
        make_overlay(build);
        status = compile_all(build);
    }
    if (!status)
        status = link_all(build);
    crew_stop(&build->crew);
    if (!status)
        printf("%s\n", build->output);
    if (build->request->keep)
        fprintf(stderr, "undis build: kept %s\n", build->workspace);
    workspace_destroy(build->workspace, build->request->keep);
    overlay_close(&build->overlay);
    crew_close(&build->crew);
    return status;
}

int
build_driver(const struct build_request *request)
{
    struct build build = {.request = request, .terminal = isatty(STDERR_FILENO) == 1};
    char *error = NULL;
    int status;

    if (!project_read(
            &build.project, request->target, request->configuration, request->platform, &error) ||
        !toolchain_find(&build.toolchain, request->compiler, request->kernel_headers,
            request->library_dir, true, &error)) {
        status = usage(error);
    } else {
        add_requested(&build);
        status = build_run(&build);
    }
    free(build.output);
    free(build.object_folder);
    toolchain_free(&build.toolchain);
    project_free(&build.project);
    return status;
}
