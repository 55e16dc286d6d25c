/* SPDX-License-Identifier: MIT */
/* A driver built with a sanitizer, by clang or gcc, is run by the undis of that sanitizer, whose
 * report names the line; a copy beyond a block's end is seen as a store is. With AddressSanitizer who
 * touches what he gave away is told, unless somebody does not want that.
 */
#include "shell.h"

#include <ctype.h>

#define RUN(kind)                                                                                  \
    "$UNDIS build --cc %s --sanitize " kind " -D %s -o d.so d && "                                 \
    "exec $UNDIS run --protocol ./d.so --miniport portnic -t 0.1"

/* The store is in line 4, the copy in line 5. */
static const char source[] =
    "#include <ntddk.h>\n"
    "DRIVER_INITIALIZE DriverEntry;\n"
    "static volatile ULONG Size = 40;\n"
    "static void Store(unsigned char *To, void *From) { (void)From; To[Size] = 1; }\n"
    "static void Copy(unsigned char *To, void *From) { RtlCopyMemory(To, From, Size + 1); }\n"
    "static void None(unsigned char *To, void *From) { RtlCopyMemory(To, From, Size); }\n"
    "NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)\n"
    "{\n"
    "    unsigned char *Block = ExAllocatePoolWithTag(NonPagedPoolNx, Size, 'kcoB');\n"
    "    UNREFERENCED_PARAMETER(Driver);\n"
    "    WAY(Block, Path->Buffer);\n"
    "    ExFreePoolWithTag(Block, 'kcoB');\n"
    "    return STATUS_UNSUCCESSFUL;\n"
    "}\n";

/* Whether the undis of @kind is the tool itself or beside it, where the tool looks for it. */
static bool
is_there(const char *kind)
{
    static const char *const places[] = {"%.*s/undis-%s", "%.*s/../../%s/bin/undis-%s"};
    const char *tool = getenv("UNDIS_TOOL"), *slash = tool ? strrchr(tool, '/') : NULL;
    char name[64], path[512];

    /* A tool that is instrumented for TSan starts no other. */
    if (!slash || strstr(slash, "-tsan"))
        return false;
    snprintf(name, sizeof(name), "undis-%s", kind);
    if (strcmp(slash + 1, "undis") != 0)
        return strcmp(slash + 1, name) == 0;
    snprintf(path, sizeof(path), places[0], (int)(slash - tool), tool, kind);
    if (access(path, X_OK) == 0)
        return true;
    snprintf(path, sizeof(path), places[1], (int)(slash - tool), tool, kind, kind);
    return access(path, X_OK) == 0;
}

static bool
has_program(const char *name)
{
    char script[64];

    snprintf(script, sizeof(script), "command -v %s", name);
    return shell(script)->status == 0;
}

static void
overflows_are_seen(const char *compiler)
{
    static const struct {
        const char *way, *line;
    } ways[] = {{"WAY=Store", "/d/over.c:4"}, {"WAY=Copy", "/d/over.c:5"}};

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        char script[512];
        const struct child *child;

        snprintf(script, sizeof(script), RUN("address"), compiler, ways[i].way);
        child = shell(script);
        child_expect(child, 3, "ERROR: AddressSanitizer: use-after-poison");
        child_expect(child, 3, "in DriverEntry");
        child_expect(child, 3, "AddressSanitizer in d: use-after-poison");
        if (has_program("llvm-symbolizer")) {
            child = shell(script);
            child_expect(child, child->status, ways[i].line);
        }
    }
}

/* A wrong filter of the rule tests, and a capture file with a frame to send. */
static const char touches[] =
    "mkdir -p f && cd \"$UNDIS_SOURCE/tests/rules/wrong\" && cp filter.c *.h \"$OLDPWD/f\" && "
    "cd \"$OLDPWD\" && $UNDIS build --cc %s --sanitize address "
    "-o filter.send_no_touch_after_send__nbl.so f && "
    "{ printf '\\324\\303\\262\\241\\2\\0\\4\\0\\0\\0\\0\\0\\0\\0\\0\\0\\377\\377\\0\\0"
    "\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\74\\0\\0\\0\\74\\0\\0\\0'; "
    "head -c 60 /dev/zero; } > one.pcap && "
    "exec $UNDIS run -q %s --top pcap:in=one.pcap --protocol frames --miniport portnic "
    "--filter ./filter.send_no_touch_after_send__nbl.so";

static void
touches_are_seen(const char *compiler)
{
    char script[1024];

    snprintf(script, sizeof(script), touches, compiler, "");
    child_expect(shell(script), 3, "undis: send-no-touch-after-send: ");
    snprintf(script, sizeof(script), touches, compiler, "--no-hand-over");
    child_expect(shell(script), 0, "");
}

/* The runtime says that it is there, and DriverEntry runs to its end: its status is told. */
static void
threads_are_watched(const char *compiler)
{
    const struct child *child;
    char script[512];

    snprintf(script, sizeof(script), "export TSAN_OPTIONS=verbosity=1\n" RUN("thread"), compiler,
        "WAY=None");
    child = shell(script);
    child_expect(child, 1, "Running under ThreadSanitizer");
    child_expect(child, 1, "DriverEntry answered 0xC0000001");
}

int
main(void)
{
    static const char *const compilers[] = {"clang", "gcc"};
    bool address, thread;
    FILE *file;

    shell_enter();
    address = is_there("asan");
    thread = is_there("tsan");
    if (!address && !thread) {
        fputs("no undis-asan and no undis-tsan beside the tool\n", stderr);
        return TEST_SKIP;
    }
    CHECK(mkdir("d", 0755) == 0);
    file = fopen("d/over.c", "w");
    CHECK(file && fputs(source, file) >= 0 && fclose(file) == 0);
    for (size_t i = 0; i < sizeof(compilers) / sizeof(compilers[0]); i++) {
        if (!has_program(compilers[i]))
            continue;
        if (address) {
            overflows_are_seen(compilers[i]);
            touches_are_seen(compilers[i]);
        }
        if (thread)
            threads_are_watched(compilers[i]);
    }
    return 0;
}
