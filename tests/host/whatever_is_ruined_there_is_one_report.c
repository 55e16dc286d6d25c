/* SPDX-License-Identifier: MIT */
/* Whatever a driver destroys before it crashes, undis run ends with status 3 and one report, in a
 * file that is whole, and leaves nothing behind: no copy of a driver, no socket, no process.
 */
#include "shell.h"

#include <jansson.h>

/* What the driver "ruins" does, a part of what is told, and whether its own lines can be. */
static const struct ruin {
    const char *kind, *text;
    bool placed;
} ruins[] = {
    {"write", "SIGSEGV in ruins.write: the driver crashed", true},
    {"stack", "SIGSEGV in ruins.stack", false},
    {"frames", "SIGSEGV in ruins.frames", true},
    {"arena", "SIGSEGV in ruins.arena", true},
    {"lists", "", true},
    {"down", "", false},
    {"up", "SIGSEGV in ruins.up", true},
    {"heap", "SIGSEGV in ruins.heap", false},
    {"image", "SIGSEGV in ruins.image", true},
    {"tables", "SIGSEGV in ruins.tables", true},
    {"overflow", "SIGSEGV in ruins.overflow: the driver crashed: its stack is full", true},
    {"null", "SIGSEGV in ruins.null", true},
    {"data", "SIGSEGV in ruins.data", true},
    {"fpe", "SIGFPE in ruins.fpe", true},
    {"ill", "SIGILL in ruins.ill", true},
    {"bus", "SIGBUS in ruins.bus", true},
    {"abort", "SIGABRT in ruins.abort: the driver called abort", true},
    {"jump", "SIGSEGV in ruins.jump", true},
    {"lost", "SIGSEGV in ruins.lost", true},
    {"chain", "", true},
    {"event", "SIGSEGV in ruins.event", true},
    {"print", "SIGSEGV in ruins.print", true},
    {"check", "bug check 0xE2", true},
    {"assert", "assertion failed: Data == 17", true},
    {"threads", "SIGSEGV in ruins.threads", true},
};

/* With ThreadSanitizer a full stack is found in the middle of its work, with a lock that the report
 * waits for. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NOT_ON_THREADS "overflow"
#endif
#endif
#ifndef NOT_ON_THREADS
#define NOT_ON_THREADS ""
#endif

static struct child child;

static _Noreturn void
wrong(const struct ruin *ruin, const char *how, const char *what)
{
    fprintf(stderr, "%s, %s: %s; undis ended with %d and wrote:\n%s\n", ruin->kind, how, what,
        child.status, child.text);
    exit(1);
}

/* The one report in the file. */
static json_t *
report_in(json_t *all)
{
    json_t *runs = json_object_get(all, "runs");
    json_t *results = json_object_get(json_array_get(runs, 0), "results");

    if (!runs)
        return json_object_get(all, "severity") ? all : NULL;
    return json_array_size(results) == 1 ? json_array_get(results, 0) : NULL;
}

static bool
has_place(const json_t *report)
{
    json_t *properties = json_object_get(report, "properties");
    json_t *stack = json_object_get(properties ? properties : report, "stack");

    for (size_t k = 0; k < json_array_size(stack); k++)
        if (strstr(json_string_value(json_array_get(stack, k)), "ruins.c:"))
            return true;
    return false;
}

static void
check_report(const struct ruin *ruin, const char *how, const char *path)
{
    json_error_t error;
    json_t *all = json_load_file(path, 0, &error), *report = all ? report_in(all) : NULL;
    json_t *message = report ? json_object_get(report, "message") : NULL;
    const char *text =
        report ? json_string_value(json_object_get(message ? message : report, "text")) : NULL;

    if (!text)
        wrong(ruin, how, all ? "not one report" : error.text);
    if (!strstr(text, ruin->text))
        wrong(ruin, how, text);
    if (ruin->placed && !has_place(report))
        wrong(ruin, how, "its stack has no line of the driver");
    json_decref(all);
}

static void
check_text(const struct ruin *ruin, const char *how)
{
    const char *first = strstr(child.text, "\nundis: ");

    if (!strstr(child.text, "undis: ") || (first && strstr(first + 1, "\nundis: ")))
        wrong(ruin, how, "not one report for people");
}

static void
run(const struct ruin *ruin, bool simulated)
{
    const char *how = simulated ? "simulated" : "on threads";
    char file[300], path[64];
    char *argv[] = {getenv("UNDIS"), (char *)"run", (char *)"--quiet", (char *)"--duration",
        (char *)"5", (char *)"--report", (char *)(simulated ? "r.sarif" : "r.jsonl"),
        (char *)"--filter", (char *)"./ruins.none.so", (char *)"--filter", path,
        (char *)"--miniport", (char *)"portnic", simulated ? (char *)"--simulated" : NULL, NULL};

    snprintf(path, sizeof(path), "./ruins.%s.so", ruin->kind);
    snprintf(file, sizeof(file), "%s/ruins.so", getenv("UNDIS_TEST_DRIVERS"));
    CHECK(symlink(file, path) == 0);
    child_run_program(&child, argv, 60);
    if (child.status != 3)
        wrong(ruin, how, "not status 3");
    check_text(ruin, how);
    check_report(ruin, how, argv[6]);
    if (system("test -z \"$(find run tmp -mindepth 1)\""))
        wrong(ruin, how, "something is left behind");
    CHECK(unlink(path) == 0);
}

/* Drivers that are built with counters have the C library, and its exit. */
static const char exits[] = "mkdir exits && cat > exits/exits.c <<'EOF'\n"
                            "#include <ntddk.h>\n"
                            "void exit(int);\n"
                            "NTSTATUS DriverEntry(PDRIVER_OBJECT Object, PUNICODE_STRING Path)\n"
                            "{\n"
                            "    exit(Object && Path ? 0 : 1);\n"
                            "    return STATUS_SUCCESS;\n"
                            "}\n"
                            "EOF\n"
                            "$UNDIS build --coverage -o exits.so exits || exit 1\n"
                            "$UNDIS run -q -t 1 --report e.jsonl --miniport ./exits.so\n"
                            "test $? = 3 || exit 2\n"
                            "grep '\"text\":\"the driver called exit\"' e.jsonl\n";

int
main(void)
{
    char file[300];

    shell_enter();
    CHECK(system("mkdir run tmp") == 0);
    snprintf(file, sizeof(file), "%s/run", shell_folder);
    setenv("XDG_RUNTIME_DIR", file, 1);
    snprintf(file, sizeof(file), "%s/tmp", shell_folder);
    setenv("TMPDIR", file, 1);
    snprintf(file, sizeof(file), "%s/ruins.so", getenv("UNDIS_TEST_DRIVERS"));
    CHECK(symlink(file, "ruins.none.so") == 0);
    for (size_t k = 0; k < sizeof(ruins) / sizeof(ruins[0]); k++) {
        if (strcmp(ruins[k].kind, NOT_ON_THREADS) != 0)
            run(&ruins[k], false);
        run(&ruins[k], true);
    }
    child_expect(shell(exits), 0, "the driver called exit");
    return 0;
}
