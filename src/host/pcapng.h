/* SPDX-License-Identifier: MIT */
/* Writes pcapng files: several interfaces, a direction and a comment per packet. (libpcap reads
 * them, but its versions up to 1.10 do not write them.) Times are in ns. Callers serialise.
 *
 *     section header | interface 0 | interface 1 | packet | packet | interface 2 | packet ...
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pcapng;

enum pcapng_link { PCAPNG_ETHERNET = 1, PCAPNG_RAW_IP = 101 };
enum pcapng_direction { PCAPNG_NOWHERE, PCAPNG_IN, PCAPNG_OUT };

struct pcapng_part {
    const void *data;
    uint32_t length;
};

struct pcapng_packet {
    uint32_t interface;
    uint64_t time; /* ns since the epoch */
    enum pcapng_direction direction;
    uint32_t original;   /* length on the wire; 0: the bytes given */
    const char *comment; /* NULL: none */
    const struct pcapng_part *parts;
    unsigned part_count;
};

/* Makes or truncates @path. @application may be NULL. 0 or -errno. */
int pcapng_create(struct pcapng **out, const char *path, const char *application);
/* The interface's number, from 0, or -errno. @description may be NULL. */
int pcapng_interface(struct pcapng *file, const char *name, const char *description,
    enum pcapng_link link, uint64_t speed);
int pcapng_packet(struct pcapng *file, const struct pcapng_packet *packet);
/* What became of interface @number until @time: how many frames it dropped. @comment may be NULL. */
int pcapng_statistics(
    struct pcapng *file, uint32_t number, uint64_t time, uint64_t dropped, const char *comment);
int pcapng_flush(struct pcapng *file);
/* Answers the first error that anything of this file met. */
int pcapng_close(struct pcapng *file);
