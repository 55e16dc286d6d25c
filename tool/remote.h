/* SPDX-License-Identifier: MIT */
/* What the commands share that look into a running machine. */
#pragma once

#include "tool.h"
#include <undis_client.h>

struct remote {
    const char *command; /* its name */
    const char *usage;   /* what --help prints */
    bool json;
    const char *input; /* --input FILE, NULL: none; for commands that take_input */
    bool takes_input;
    const char *path; /* --control PATH, NULL: the only machine */
    uint32_t size;    /* --size N, of what comes back */
    struct undis_client *client;
};

/* Options, then the connection. *@first: the index of what follows. Answers -1 to go on, else an exit
 * status (0 after --help). */
int remote_open(struct remote *remote, int argc, char **argv, int least, int *first);
/* A number; false after a complaint. */
bool remote_number(const struct remote *remote, const char *text, uint64_t max, uint64_t *value);
/* "0x0102", "01 02" or "01-02" as bytes; false after a complaint. */
bool remote_hex(
    const struct remote *remote, char *const *words, unsigned char *bytes, size_t room, size_t *n);
/* Bytes as people read them, 16 in a line. */
void remote_dump(const unsigned char *bytes, size_t n);
/* undis_client_error as a complaint. */
int remote_failed(const struct remote *remote);
