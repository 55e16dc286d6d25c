/* SPDX-License-Identifier: MIT */
/* What this build of undis is, and which one a driver wants. */
#include "host/image.h"
#include "undis/error.h"

#include <errno.h>
#include <string.h>
#include <undis.h>

const char *
undis_version(void)
{
    return UNDIS_VERSION;
}

const char *
undis_build_kind(void)
{
    return UNDIS_BUILD_KIND;
}

static int
kind_of(const char *path, struct image_kind *kind)
{
    int error = image_kind_of(path, kind);

    return error ? undis_fail(error, "%s: %s", path,
                       error == -ENOEXEC ? "not an x86-64 ELF shared object" : strerror(-error))
                 : 0;
}

const char *
undis_driver_needs(const char *path)
{
    static const char *const names[] = {
        [IMAGE_PLAIN] = "", [IMAGE_ASAN] = "asan", [IMAGE_TSAN] = "tsan"};
    struct image_kind kind;

    return kind_of(path, &kind) ? NULL : names[kind.sanitizer];
}

int
undis_driver_tells_accesses(const char *path)
{
    struct image_kind kind;
    int error = kind_of(path, &kind);

    return error ? error : kind.tells_accesses;
}
