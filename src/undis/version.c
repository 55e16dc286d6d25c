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

const char *
undis_driver_needs(const char *path)
{
    static const char *const names[] = {
        [IMAGE_PLAIN] = "", [IMAGE_ASAN] = "asan", [IMAGE_TSAN] = "tsan"};
    enum image_sanitizer sanitizer;
    int error = image_sanitizer(path, &sanitizer);

    if (error) {
        undis_fail(error, "%s: %s", path,
            error == -ENOEXEC ? "not an x86-64 ELF shared object" : strerror(-error));
        return NULL;
    }
    return names[sanitizer];
}
