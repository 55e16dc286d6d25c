/* SPDX-License-Identifier: MIT */
/* The host half of a port that is backed by Linux: tap, tun, pcap and pcapng files.
 * (wire, null and program need no host; they live in src/undis/ports.)
 *
 * A reader thread blocks in host_port_read; host_port_interrupt ends that. Writers are serialised
 * by the caller.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_PORT_HELP                                                                             \
    "tap:NAME[,mtu=N][,create]     a TAP interface of this machine (Ethernet)\n"                   \
    "tun:NAME[,mtu=N][,create]     a TUN interface of this machine (raw IP)\n"                     \
    "pcap:[in=FILE][,out=FILE][,speed=N][,raw]    captures; speed 0: at once (default), 1: by\n"   \
    "                              their times, 2: twice as fast; raw: out holds IP packets\n"     \
    "pcapng:[in=FILE][,out=FILE][,speed=N][,raw]  the same, and out is pcapng\n"

struct host_port;

struct host_frame {
    const void *data;
    uint32_t length; /* bytes, without FCS */
    uint64_t time;   /* ns since the epoch (files), 0 when not known */
};

struct host_port_info {
    uint8_t address[6]; /* of the interface behind; zero when there is none */
    bool has_address;
    bool ethernet; /* false: raw IP (tun) */
    uint32_t mtu;  /* payload bytes */
    bool finite;   /* ends by itself (a file): read answers -ENODATA at the end */
    bool writable, readable;
    double speed; /* files: how fast frames shall come by their times; 0: at once. Files
                          * never wait: who reads keeps the pace */
};

/*
 * @text: "tap:NAME[,mtu=N][,create]", "tun:NAME", "pcap:in=FILE[,out=FILE][,speed=N]", "pcapng:..." - see
 * host_port_help(). 0 or -errno with a sentence in @error: -ENODEV (absent interface), -EPERM (no
 * rights: says which capability and how to get it), -EINVAL (what is wrong in the spec),
 * -EBADMSG (not a capture, truncated header).
 */
int host_port_open(struct host_port **out, const char *text, char *error, size_t error_size);
void host_port_close(struct host_port *port);
void host_port_info(const struct host_port *port, struct host_port_info *info);
/* Waits for frames, fills up to @max; data stays valid until the next read.
 * The number, 0 when a write that found the device full may be tried again, -ENODATA at the end of a file, -EINTR after host_port_interrupt, -EBADMSG for a
 * capture that ends in the middle of a record (host_port_error says where), other -errno. */
int host_port_read(struct host_port *port, struct host_frame *frames, unsigned max);
/* Writes one frame given in parts; the first part's time is the frame's (0: now).
 * 0, -EAGAIN (device full: host_port_read answers 0 when to try again), -EMSGSIZE, -errno. */
int host_port_write(struct host_port *port, const struct host_frame *parts, unsigned count);
void host_port_interrupt(struct host_port *port);
int host_port_flush(struct host_port *port);
const char *host_port_error(const struct host_port *port);
const char *host_port_help(void);
