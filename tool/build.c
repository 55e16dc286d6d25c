/* SPDX-License-Identifier: MIT */
/* build.c - the command line of `undis build` */
#include "build/build.h"
#include "build/toolchain.h"
#include "tool.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: undis build [OPTION...] DIR | PROJECT.vcxproj\n"
    "       undis build --launch COMPILER ARGUMENT...\n"
    "\n"
    "Builds the unmodified sources of a Windows network driver into a shared object that undis\n"
    "loads. A folder with one .vcxproj is built as the project says; any other from its *.c and\n"
    "*.cpp files. Prints the name of the shared object.\n"
    "\n"
    "  -o, --output FILE       the shared object; NAME.so in the current folder without it\n"
    "      --name NAME         of the driver; without it the project's, or the folder's\n"
    "      --cc COMPILER       gcc, clang or a path; clang when there is one\n"
    "  -D, --define NAME[=V]   as in NDIS630=1; adds to the project's\n"
    "  -I, --include DIR       headers of the driver; adds to the project's\n"
    "      --configuration C   of the project: Release, Debug ...; Release without it\n"
    "      --platform P        of the project: x64 without it\n"
    "      --sanitize LIST     address, thread, undefined, races, or several with commas\n"
    "      --coverage          for gcov; its data go to a folder NAME.coverage beside NAME.so\n"
    "      --kernel-headers DIR  the folder with ndis.h; also UNDIS_KM\n"
    "      --library-dir DIR   the folder with libundis.so; also UNDIS_LIB\n"
    "      --keep              leave the intermediate files\n"
    "  -v, --verbose           show every command, and the linker's own words\n"
    "      --launch            stand in front of a compiler's command line (for CMake)\n"
    "  -h, --help              this text\n"
    "\n"
    "Exit status: 0 built, 1 the sources do not compile or link, 2 wrong usage.\n"
    "\n"
    "Example: undis build --sanitize address -o ndislwf.so filter/ndislwf.vcxproj\n";

enum option_key {
    OPTION_NAME = 256,
    OPTION_CC,
    OPTION_CONFIGURATION,
    OPTION_PLATFORM,
    OPTION_SANITIZE,
    OPTION_COVERAGE,
    OPTION_HEADERS,
    OPTION_LIBRARY,
    OPTION_KEEP,
};

static const struct option options[] = {
    {"output", required_argument, NULL, 'o'},
    {"name", required_argument, NULL, OPTION_NAME},
    {"cc", required_argument, NULL, OPTION_CC},
    {"define", required_argument, NULL, 'D'},
    {"include", required_argument, NULL, 'I'},
    {"configuration", required_argument, NULL, OPTION_CONFIGURATION},
    {"platform", required_argument, NULL, OPTION_PLATFORM},
    {"sanitize", required_argument, NULL, OPTION_SANITIZE},
    {"coverage", no_argument, NULL, OPTION_COVERAGE},
    {"kernel-headers", required_argument, NULL, OPTION_HEADERS},
    {"library-dir", required_argument, NULL, OPTION_LIBRARY},
    {"keep", no_argument, NULL, OPTION_KEEP},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static bool
take_sanitizers(struct build_request *request, const char *list)
{
    unsigned apart, one = SANITIZE_ADDRESS | SANITIZE_THREAD | SANITIZE_RACES;

    for (;;) {
        size_t length = strcspn(list, ",");
        unsigned sanitizer = sanitizer_parse(list, length);

        if (!sanitizer) {
            fprintf(stderr,
                "undis build: --sanitize %.*s: not address, thread, undefined or races\n",
                (int)length, list);
            return false;
        }
        request->sanitizers |= sanitizer;
        if (!list[length])
            break;
        list += length + 1;
    }
    apart = request->sanitizers & one;
    if (apart & (apart - 1))
        fputs("undis build: --sanitize: address, thread and races exclude each other\n", stderr);
    return !(apart & (apart - 1));
}

static bool
take_option(struct build_request *request, int key, char *value)
{
    switch (key) {
    case 'o': request->output = value; return true;
    case 'D': words_add(&request->defines, value); return true;
    case 'I': words_add(&request->includes, value); return true;
    case 'v': request->verbose = true; return true;
    case OPTION_NAME: request->name = value; return true;
    case OPTION_CC: request->compiler = value; return true;
    case OPTION_CONFIGURATION: request->configuration = value; return true;
    case OPTION_PLATFORM: request->platform = value; return true;
    case OPTION_SANITIZE: return take_sanitizers(request, value);
    case OPTION_COVERAGE: request->coverage = true; return true;
    case OPTION_HEADERS: request->kernel_headers = value; return true;
    case OPTION_LIBRARY: request->library_dir = value; return true;
    case OPTION_KEEP: request->keep = true; return true;
    default: fputs("Try: undis build --help\n", stderr); return false;
    }
}

static int
run(struct build_request *request, int argc, char **argv)
{
    int key;

    optind = 0;
    while ((key = getopt_long(argc, argv, "o:D:I:vh", options, NULL)) >= 0) {
        if (key == 'h')
            return fputs(help, stdout) < 0;
        if (!take_option(request, key, optarg))
            return BUILD_USAGE;
    }
    if (optind + 1 != argc) {
        fputs("undis build: name one folder or one .vcxproj\nTry: undis build --help\n", stderr);
        return BUILD_USAGE;
    }
    request->target = argv[optind];
    return build_driver(request);
}

/* argv[0] is "build". */
int
build_main(int argc, char **argv)
{
    struct build_request request = {0};
    int status;

    if (argc > 1 && !strcmp(argv[1], "--launch")) {
        if (argc > 2)
            return build_launch(argv + 2);
        fputs("undis build: --launch needs a compiler's command line\n", stderr);
        return BUILD_USAGE;
    }
    status = run(&request, argc, argv);
    words_free(&request.defines);
    words_free(&request.includes);
    return status;
}
