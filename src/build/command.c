/* SPDX-License-Identifier: MIT */
/* command.c - the command lines that make a driver: preprocess, compile, link */
#include "build/command.h"

#include "build/path.h"
#include "build/tokens.h"

#include <stdlib.h>

const char command_version_script[] = "{ global: DriverEntry; local: *; };\n";
const char command_memory_source[] = "void memcpy(void) {} void memmove(void) {}\n"
                                     "void memset(void) {} void memcmp(void) {}\n"
                                     "void bcmp(void) {} void memchr(void) {}\n";

static const char *const abi_options[] = {"-fshort-wchar", "-fms-extensions", "-mms-bitfields",
    "-fno-strict-aliasing", "-fwrapv", "-fsigned-char", "-fPIC", NULL};
static const char *const c_options[] = {"-std=gnu17", "-fgnu89-inline", NULL};
static const char *const cxx_options[] = {"-std=gnu++17", "-fno-exceptions", "-fno-rtti",
    "-fno-threadsafe-statics",
    /* cl.exe lets a destructor have an operator delete that is private. */
    "-fno-access-control", NULL};

/* What cl.exe and the WDK define; what Linux compilers define and Windows sources ask for. */
static const char *const environment[] = {"-D_WIN32=1", "-D_WIN64=1", "-D_AMD64_=1", "-DAMD64=1",
    "-D_M_AMD64=100", "-D_M_X64=100", "-D_MSC_VER=1929", "-D_MSC_FULL_VER=192930133", "-DWINNT=1",
    "-D_WIN32_WINNT=0x0A00", "-DWINVER=0x0A00", "-D_KERNEL_MODE=1", "-Ulinux", "-U__linux",
    "-U__linux__", "-U__gnu_linux__", "-Uunix", "-U__unix", "-U__unix__", "-U_LP64", "-U__LP64__",
    "-U_FORTIFY_SOURCE", NULL};

/* Types whose names the preprocessor would spell with the word long in a driver's lines. */
static const char *const signed_64[] = {"__INT64_TYPE__", "__INTPTR_TYPE__", "__PTRDIFF_TYPE__",
    "__INTMAX_TYPE__", "__INT_LEAST64_TYPE__", "__INT_FAST64_TYPE__", NULL};
static const char *const unsigned_64[] = {"__UINT64_TYPE__", "__UINTPTR_TYPE__", "__SIZE_TYPE__",
    "__UINTMAX_TYPE__", "__UINT_LEAST64_TYPE__", "__UINT_FAST64_TYPE__", NULL};

/* Stacks of reports name who called last: no frame is given to who is called. */
static const char *const code_options[] = {"-fno-omit-frame-pointer", "-fno-optimize-sibling-calls",
    "-ffunction-sections", "-fdata-sections", "-fno-stack-protector", "-g", NULL};

/* Habits of Windows sources that are right there, or that cost nothing here. */
static const char *const quiet_both[] = {"-Wno-multichar", "-Wno-unknown-pragmas", NULL};
static const char *const quiet_c[] = {"-Wno-pointer-sign", "-Wno-error=incompatible-pointer-types",
    "-Wno-error=int-conversion", "-Wno-error=implicit-function-declaration",
    "-Wno-error=implicit-int", "-Wno-error=return-type", NULL};
static const char *const quiet_clang[] = {"-Wno-microsoft", "-Wno-ignored-pragmas",
    "-Wno-ignored-attributes", "-Wno-parentheses-equality", "-Wno-enum-conversion", "-Wno-switch",
    "-Wno-tautological-compare", "-Wno-pragma-pack", "-Wno-missing-declarations",
    "-Wno-unused-value", "-Wno-unknown-warning-option", "-Wno-unused-command-line-argument",
    "-Wno-comment", NULL};

void
command_abi(struct words *command, const struct toolchain *toolchain, bool cxx)
{
    words_add_list(command, cxx ? cxx_options : c_options);
    words_add_list(command, abi_options);
    /* gcc takes a last member x[1] inside another array for one element, and drops what is written
     * behind it: structures of Windows grow that way. */
    words_add(
        command, toolchain->clang ? "-fms-compatibility" : "-fno-aggressive-loop-optimizations");
    if (toolchain->clang && cxx)
        words_add(command, "-fdelayed-template-parsing");
    if (toolchain->color)
        words_add(command, "-fdiagnostics-color=always");
}

void
command_environment(struct words *command, const struct toolchain *toolchain)
{
    words_add(command, "-nostdinc");
    for (size_t i = 0; i < toolchain->header_folders.count; i++) {
        words_add(command, "-isystem");
        words_add(command, toolchain->header_folders.items[i]);
    }
    words_add_list(command, environment);
    for (const char *const *name = signed_64; *name; name++) {
        words_format(command, "-U%s", *name);
        words_format(command, "-D%s=" TOKEN_SIGNED_64, *name);
    }
    for (const char *const *name = unsigned_64; *name; name++) {
        words_format(command, "-U%s", *name);
        words_format(command, "-D%s=" TOKEN_UNSIGNED_64, *name);
    }
    words_add(command, "-U__LONG_MAX__");
    words_add(command, "-D__LONG_MAX__=0x7fffffff");
    words_add(command, "-U__SIZEOF_LONG__");
    words_add(command, "-D__SIZEOF_LONG__=4");
}

/* cl.exe pastes what makes no token. */
static void
command_pasting(struct words *command, const struct toolchain *toolchain)
{
    if (toolchain->clang)
        words_add(command, "-Wno-invalid-token-paste");
}

static void
command_sanitizers(struct words *command, const struct toolchain *toolchain)
{
    if (toolchain->sanitizers & SANITIZE_ADDRESS)
        words_add(command, "-fsanitize=address");
    if (toolchain->sanitizers & SANITIZE_THREAD)
        words_add(command, "-fsanitize=thread");
    if (toolchain->sanitizers & SANITIZE_RACES) {
        words_add(command, "-fsanitize=thread");
        words_add(command, toolchain->clang ? "-mllvm" : "--param=tsan-distinguish-volatile=1");
        if (toolchain->clang)
            words_add(command, "-tsan-distinguish-volatile=1");
    }
    if (toolchain->sanitizers & SANITIZE_UNDEFINED) {
        words_add(command, "-fsanitize=undefined");
        words_add(command, "-fno-sanitize=alignment"); /* x64 Windows permits it */
    }
    if (toolchain->coverage)
        words_add(command, "--coverage");
}

void
command_code(struct words *command, const struct toolchain *toolchain, bool cxx, bool exceptions)
{
    words_add_list(command, code_options);
    /* A local that a __try body sets is stale in the handler of optimised code. */
    words_add(command, exceptions || toolchain->coverage ? "-O0" : "-O2");
    if (toolchain->clang) {
        words_add(command, "-Xclang");
        words_add(command, "-fms-volatile");
    }
    command_sanitizers(command, toolchain);
    words_add_list(command, quiet_both);
    if (!cxx)
        words_add_list(command, quiet_c);
    if (toolchain->clang)
        words_add_list(command, quiet_clang);
}

void
command_preprocess(struct words *command, const struct toolchain *toolchain,
    const struct unit *unit, const char *overlay, const char *output)
{
    bool cxx = unit_is_cxx(unit->source);

    words_add(command, toolchain->compiler);
    words_add(command, "-E");
    words_add(command, "-w");
    command_abi(command, toolchain, cxx);
    command_environment(command, toolchain);
    command_pasting(command, toolchain);
    command_sanitizers(command, toolchain); /* headers may ask for them */
    for (size_t i = 0; i < unit->defines.count; i++)
        words_format(command, "-D%s", unit->defines.items[i]);
    for (size_t i = 0; i < unit->includes.count; i++)
        words_format(command, "-I%s", unit->includes.items[i]);
    words_format(command, "-I%s", overlay);
    if (unit->text) {
        char *folder = path_folder(unit->source);

        words_format(command, "-iquote%s", folder);
        free(folder);
    }
    for (size_t i = 0; i < unit->forced.count; i++) {
        words_add(command, "-include");
        words_add(command, unit->forced.items[i]);
    }
    words_add(command, "-x");
    words_add(command, cxx ? "c++" : "c");
    words_add(command, unit->text ? unit->text : unit->source);
    words_add(command, "-o");
    words_add(command, output);
}

void
command_compile(struct words *command, const struct toolchain *toolchain, bool cxx, bool exceptions,
    const char *input, const char *output)
{
    words_add(command, toolchain->compiler);
    command_abi(command, toolchain, cxx);
    command_code(command, toolchain, cxx, exceptions);
    words_add(command, "-x");
    words_add(command, cxx ? "c++-cpp-output" : "cpp-output");
    words_add(command, "-c");
    words_add(command, input);
    words_add(command, "-o");
    words_add(command, output);
}

void
command_link_options(struct words *command, const struct toolchain *toolchain, const char *map)
{
    static const char *const always[] = {"-shared", "-Wl,-Bsymbolic", "-Wl,-z,muldefs",
        "-Wl,--gc-sections", "-Wl,-z,lazy", "-Wl,-z,norelro", "-Wl,--require-defined=DriverEntry",
        NULL};

    words_add_list(command, always);
    words_format(command, "-Wl,--version-script=%s", map);
    words_add(command, toolchain->coverage ? "--coverage" : "-nostdlib");
    if (!(toolchain->sanitizers & ~(unsigned)SANITIZE_RACES) && !toolchain->coverage)
        words_add(command, "-Wl,--no-undefined");
}

void
command_memory(
    struct words *command, const struct toolchain *toolchain, const char *input, const char *output)
{
    static const char *const always[] = {"-shared", "-nostdlib", "-fPIC", "-fno-builtin",
        "-Wl,-soname,libc.so.6", "-w", "-x", "c", NULL};

    words_add(command, toolchain->compiler);
    words_add_list(command, always);
    words_add(command, input);
    words_add(command, "-o");
    words_add(command, output);
}

void
command_link_libraries(struct words *command, const struct toolchain *toolchain)
{
    words_format(command, "-L%s", toolchain->library_dir);
    if (toolchain->sanitizers & SANITIZE_RACES)
        words_add(command, "-lundis_races");
    words_add(command, "-lundis");
    words_add(command, "-lundis_crt");
    words_add(command, "-lgcc");
}
