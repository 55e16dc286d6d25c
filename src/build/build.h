/* SPDX-License-Identifier: MIT */
/* build.h - a driver's unmodified Windows sources to a shared object */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include "build/text.h"

enum build_status {
    BUILD_OK = 0,
    BUILD_FAILED = 1, /* the compiler or the linker found errors */
    BUILD_USAGE = 2,  /* the request makes no sense */
};

/* What the command line asks for; NULL and empty mean the default. */
struct build_request {
    const char *target; /* a folder or a .vcxproj */
    const char *output;
    const char *name;
    const char *compiler;
    const char *kernel_headers;
    const char *library_dir;
    const char *configuration;
    const char *platform;
    struct words defines;
    struct words includes;
    unsigned sanitizers; /* enum sanitizer */
    bool coverage;
    bool keep;
    bool verbose;
};

/* A build_status, or 128 + the signal that ended it. */
int build_driver(const struct build_request *request);

/*
 * build_launch - in front of a compiler's command line, as CMake's compiler launcher is
 *
 * A command that compiles one unit (-c) or links a shared object (-shared) gets what build_driver
 * would give it; any other runs as it is. -MD, -MF and -MT work.
 */
int build_launch(char *const arguments[]);

#endif
