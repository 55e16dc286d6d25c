/* SPDX-License-Identifier: MIT */
/* pcap:in=FILE,out=FILE - frames from and to capture files; pcapng:... the same with pcapng out.
 *
 * libpcap reads both formats; the position of a broken record is taken from the stream itself.
 * Who: one reader, one writer at a time; they share nothing but the sentence in error.
 */
#include "host/pcapng.h"
#include "host/ports/backend.h"
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FRAME_MAX 262144

struct capture {
    const char *in_name, *out_name;
    struct port_spec spec; /* holds the names */
    FILE *in_file;
    pcap_t *in;
    uint64_t records; /* read so far */
    int end;          /* how it ended: -ENODATA, -EBADMSG; 0: there is more */
    bool interrupted; /* [A] */
    pcap_t *dead;     /* out, pcap: describes the link */
    pcap_dumper_t *dump;
    struct pcapng *ng;     /* out, pcapng */
    unsigned char *gather; /* FRAME_MAX bytes: libpcap writes contiguous frames only */
    /* libpcap's data lasts until its next call; a batch needs copies. */
    unsigned char *batch;
    size_t batch_size;
};

static int
open_in(struct host_port *port, struct capture *capture)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    int link;

    capture->in_file = fopen(capture->in_name, "rbe");
    if (!capture->in_file)
        return host_port_fail(port, -errno, "%s: %m", capture->in_name);
    capture->in = pcap_fopen_offline_with_tstamp_precision(
        capture->in_file, PCAP_TSTAMP_PRECISION_NANO, error);
    if (!capture->in)
        return host_port_fail(port, -EBADMSG, "%s: %s", capture->in_name, error);
    capture->in_file = NULL; /* pcap_close closes it */
    link = pcap_datalink(capture->in);
    if (link != DLT_EN10MB && link != DLT_RAW && link != DLT_IPV4 && link != DLT_IPV6)
        return host_port_fail(port, -EBADMSG,
            "%s: link type %s; a port carries Ethernet (EN10MB) or raw IP (RAW)", capture->in_name,
            pcap_datalink_val_to_name(link) ? pcap_datalink_val_to_name(link) : "unknown");
    port->info.ethernet = link == DLT_EN10MB;
    port->info.readable = true;
    port->info.finite = true;
    return 0;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);

    return a >= b && !strcmp(text + a - b, end);
}

static int
open_out(struct host_port *port, struct capture *capture)
{
    bool ng = !strcmp(port->kind->name, "pcapng") || ends_with(capture->out_name, ".pcapng");
    int result;

    if (ng) {
        result = pcapng_create(&capture->ng, capture->out_name, "undis");
        if (!result)
            result = pcapng_interface(capture->ng, "port", NULL,
                port->info.ethernet ? PCAPNG_ETHERNET : PCAPNG_RAW_IP, 0);
        if (result < 0)
            return host_port_fail(port, result, "%s: %s", capture->out_name, strerror(-result));
    } else {
        capture->gather = malloc(FRAME_MAX);
        capture->dead = pcap_open_dead_with_tstamp_precision(
            port->info.ethernet ? DLT_EN10MB : DLT_RAW, FRAME_MAX, PCAP_TSTAMP_PRECISION_NANO);
        if (!capture->dead || !capture->gather)
            return host_port_fail(port, -ENOMEM, "%s: out of memory", capture->out_name);
        capture->dump = pcap_dump_open(capture->dead, capture->out_name);
        if (!capture->dump)
            return host_port_fail(port, errno ? -errno : -EIO, "%s", pcap_geterr(capture->dead));
    }
    port->info.writable = true;
    return 0;
}

static int
read_spec(struct host_port *port, struct capture *capture)
{
    const char *text = port_spec_get(&capture->spec, "speed");
    char *end = NULL;
    int result =
        port_spec_check(&capture->spec, "in out speed raw", port->error, sizeof(port->error));

    if (result)
        return result;
    if (text)
        port->info.speed = strtod(text, &end);
    if (text && (!*text || *end || !(port->info.speed >= 0 && port->info.speed <= 1e6)))
        return host_port_fail(port, -EINVAL, "port %s: speed=%s is not a number from 0 to 1000000",
            port->kind->name, text);
    capture->in_name = port_spec_get(&capture->spec, "in");
    capture->out_name = port_spec_get(&capture->spec, "out");
    if (capture->spec.name && !capture->in_name)
        capture->in_name = capture->spec.name; /* pcap:FILE */
    if (!capture->in_name && !capture->out_name)
        return host_port_fail(
            port, -EINVAL, "port %s: say in=FILE, out=FILE or both", port->kind->name);
    port->info.ethernet = !port_spec_get(&capture->spec, "raw");
    port->info.mtu = 1500;
    return 0;
}

static void
capture_close(struct host_port *port)
{
    struct capture *capture = port->state;

    if (capture->in)
        pcap_close(capture->in);
    if (capture->in_file)
        (void)fclose(capture->in_file); /* was only read */
    if (capture->dump)
        pcap_dump_close(capture->dump);
    if (capture->dead)
        pcap_close(capture->dead);
    if (capture->ng)
        pcapng_close(capture->ng);
    free(capture->gather);
    free(capture->batch);
    free(capture);
}

static int
capture_open(struct host_port *port, const struct port_spec *spec)
{
    struct capture *capture = calloc(1, sizeof(*capture));
    int result;

    if (!capture)
        return host_port_fail(port, -ENOMEM, "port %s: out of memory", spec->kind);
    port->state = capture;
    capture->spec = *spec;
    /* The copy's pointers must lead into the copy's text. */
    for (unsigned i = 0; i < spec->count; i++) {
        capture->spec.pairs[i].key = capture->spec.text + (spec->pairs[i].key - spec->text);
        if (spec->pairs[i].value)
            capture->spec.pairs[i].value = capture->spec.text + (spec->pairs[i].value - spec->text);
    }
    if (spec->name)
        capture->spec.name = capture->spec.text + (spec->name - spec->text);
    result = read_spec(port, capture);
    if (!result && capture->in_name)
        result = open_in(port, capture);
    if (!result && capture->out_name)
        result = open_out(port, capture);
    if (result)
        capture_close(port);
    return result;
}

/* Appends a record to the batch's memory; answers where it starts, -ENOMEM. */
static int
keep(struct capture *capture, size_t *used, const unsigned char *data, uint32_t length)
{
    if (*used + length > capture->batch_size) {
        size_t size = (*used + length) * 2;
        unsigned char *bigger = realloc(capture->batch, size);

        if (!bigger)
            return -ENOMEM;
        capture->batch = bigger;
        capture->batch_size = size;
    }
    if (length)
        memcpy(capture->batch + *used, data, length);
    *used += length;
    return 0;
}

static int
read_error(struct host_port *port, struct capture *capture, long start)
{
    return host_port_fail(port, -EBADMSG, "%s: record %llu at byte %ld: %s", capture->in_name,
        (unsigned long long)capture->records + 1, start, pcap_geterr(capture->in));
}

static int
capture_read(struct host_port *port, struct host_frame *frames, unsigned max)
{
    struct capture *capture = port->state;
    unsigned count = 0;
    size_t used = 0;

    if (__atomic_exchange_n(&capture->interrupted, false, __ATOMIC_ACQ_REL))
        return -EINTR;
    while (count < max && !capture->end) {
        struct pcap_pkthdr *header;
        const unsigned char *data;
        long start = ftell(pcap_file(capture->in));
        int result = pcap_next_ex(capture->in, &header, &data);

        if (result != 1) { /* what came before it goes first */
            capture->end = result == PCAP_ERROR ? read_error(port, capture, start) : -ENODATA;
            break;
        }
        if (keep(capture, &used, data, header->caplen))
            return host_port_fail(port, -ENOMEM, "%s: out of memory", capture->in_name);
        frames[count].length = header->caplen;
        frames[count].time =
            (uint64_t)header->ts.tv_sec * 1000000000u + (uint64_t)header->ts.tv_usec;
        count++;
        capture->records++;
    }
    used = 0;
    for (unsigned i = 0; i < count; i++) {
        frames[i].data = capture->batch + used;
        used += frames[i].length;
    }
    return count ? (int)count : capture->end;
}

static uint64_t
time_of(const struct host_frame *frame)
{
    struct timespec now;

    if (frame->time)
        return frame->time;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int
write_pcap(
    struct host_port *port, struct capture *capture, const struct host_frame *parts, unsigned count)
{
    uint64_t time = time_of(parts);
    struct pcap_pkthdr header = {
        .ts = {.tv_sec = (time_t)(time / 1000000000u), .tv_usec = (long)(time % 1000000000u)}};
    uint32_t length = 0;

    for (unsigned i = 0; i < count; i++) {
        if (parts[i].length > FRAME_MAX - length)
            return -EMSGSIZE;
        memcpy(capture->gather + length, parts[i].data, parts[i].length);
        length += parts[i].length;
    }
    header.caplen = header.len = length;
    pcap_dump((unsigned char *)capture->dump, &header, capture->gather);
    if (ferror(pcap_dump_file(capture->dump)))
        return host_port_fail(port, -EIO, "%s: not written: %m", capture->out_name);
    return 0;
}

static int
write_ng(
    struct host_port *port, struct capture *capture, const struct host_frame *parts, unsigned count)
{
    struct pcapng_part pieces[64];
    struct pcapng_packet packet = {
        .time = time_of(parts), .direction = PCAPNG_OUT, .parts = pieces, .part_count = count};
    int result;

    if (count > 64)
        return -EMSGSIZE;
    for (unsigned i = 0; i < count; i++)
        pieces[i] = (struct pcapng_part){parts[i].data, parts[i].length};
    result = pcapng_packet(capture->ng, &packet);
    if (result)
        host_port_fail(port, result, "%s: not written: %s", capture->out_name, strerror(-result));
    return result;
}

static int
capture_write(struct host_port *port, const struct host_frame *parts, unsigned count)
{
    struct capture *capture = port->state;

    if (!count)
        return -EMSGSIZE;
    return capture->ng ? write_ng(port, capture, parts, count)
                       : write_pcap(port, capture, parts, count);
}

static void
capture_interrupt(struct host_port *port)
{
    struct capture *capture = port->state;

    __atomic_store_n(&capture->interrupted, true, __ATOMIC_RELEASE);
}

static int
capture_flush(struct host_port *port)
{
    struct capture *capture = port->state;

    int result = 0;

    if (capture->ng)
        result = pcapng_flush(capture->ng);
    else if (capture->dump && pcap_dump_flush(capture->dump))
        result = errno ? -errno : -EIO;
    return result ? host_port_fail(
                        port, result, "%s: not written: %s", capture->out_name, strerror(-result))
                  : 0;
}

#define CAPTURE_KIND(word)                                                                         \
    {                                                                                              \
        .name = (word), .open = capture_open, .close = capture_close, .read = capture_read,        \
        .write = capture_write, .interrupt = capture_interrupt, .flush = capture_flush             \
    }

const struct host_port_kind host_port_pcap = CAPTURE_KIND("pcap");
const struct host_port_kind host_port_pcapng = CAPTURE_KIND("pcapng");
