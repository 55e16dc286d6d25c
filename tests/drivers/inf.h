/* SPDX-License-Identifier: MIT */
/* What the tests of INFs share: a folder of their own, files in it, and an INF to change. */
#pragma once

#include "check.h"
#include "machine.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char inf_path[64];

static inline void
inf_remove(void)
{
    unlink(inf_path);
}

static inline void
inf_write(const void *bytes, size_t size)
{
    FILE *file;

    if (!*inf_path) {
        int fd;

        strcpy(inf_path, "/tmp/undis-test-XXXXXX.inf");
        fd = mkstemps(inf_path, 4);
        CHECK(fd >= 0);
        close(fd);
        atexit(inf_remove);
    }
    file = fopen(inf_path, "wb");
    CHECK(file && fwrite(bytes, 1, size, file) == size);
    CHECK(fclose(file) == 0);
}

/* An INF of class @class whose service is @service; @more are AddReg lines. */
static inline const char *
inf_text(const char *class, const char *service, const char *more)
{
    static char text[8192];

    snprintf(text, sizeof(text),
        "[Version]\nProvider = %%Maker%%\nSignature = \"$Windows NT$\"\nClass = %s\n"
        "[Manufacturer]\n%%Maker%% = Models, NTx86, NTamd64\n"
        "[Models.NTamd64]\n\"A \"\"device\"\"\" = Install, test\n"
        "[Install.NTamd64]\nAddReg = Values\n"
        "[Install.NTamd64.Services]\nAddService = %s, 2, Service\n"
        "[Service]\nServiceType = 1\n"
        "[Strings]\nMaker = \"undis\"\nMacAddress = \"020000000042\"\n"
        "[Values]\nHKR, Ndi, Service, 0, \"%s\"\n%s",
        class, service, service, more);
    return text;
}

static inline void
inf_put(const char *text)
{
    inf_write(text, strlen(text));
}

/* The answer is @error, the sentence has @phrase. */
static inline void
inf_refused(int answer, int error, const char *phrase)
{
    if (answer != error || !strstr(undis_error(), phrase))
        fprintf(stderr, "answered %d: %s\nwanted %d: %s\n", answer, undis_error(), error, phrase);
    CHECK(answer == error && strstr(undis_error(), phrase));
}
