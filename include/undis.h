/* SPDX-License-Identifier: MIT */
/* undis: NDIS in user space. The host API.
 *
 *     port (top) - protocol - filters - miniport - port (bottom)
 *
 * Create a machine, load drivers, open two ports, build a stack between them, start it, run.
 * Every function answers 0 or a negative errno; undis_error() has the sentence that goes with it.
 * Functions may be called from any host thread unless they say otherwise; a simulated machine
 * (and those that share its world) from one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef UNDIS_EXPORT
#define UNDIS_EXPORT __attribute__((visibility("default")))
#endif

struct undis; /* a machine */
struct undis_driver;
struct undis_port;
struct undis_stack;
struct undis_file; /* an open device */

enum undis_executive { UNDIS_THREADS, UNDIS_SIMULATED };
enum undis_profile { UNDIS_DESKTOP, UNDIS_CE };

/* Exit statuses of programs that run drivers; undis ends the process with 3 itself on a bug check. */
enum undis_exit {
    UNDIS_EXIT_OK = 0,
    UNDIS_EXIT_FAILED = 1, /* the outside failed: a port, a file, a driver that refused */
    UNDIS_EXIT_USAGE = 2,
    UNDIS_EXIT_BUG_CHECK = 3, /* a driver broke a rule or crashed */
    UNDIS_EXIT_HANG = 4,      /* an obligation was not met in time */
    UNDIS_EXIT_RULES = 5      /* ran to the end, but rules were broken (not fatal ones) */
};

/* Who owes what to whom since which event: a row of the table in the report of a hang. */
struct undis_obligation {
    const char *owes, *to, *what;
    unsigned count;    /* of the same; the oldest of them: */
    const char *event; /* the call or the handler that it began with */
    uint64_t since;    /* when, ns since the machine started */
    const char *place; /* "function (file:line)": where a driver stood then; NULL: none did */
    const char *stack; /* the whole, a line each */
};

struct undis_report {
    const char *rule;      /* id in rules.csv; NULL for plain text (DbgPrint) */
    const char *severity;  /* "fatal", "error", "warning", "info" */
    const char *statement; /* what the rule says */
    const char *source;    /* where it is documented */
    const char *driver;    /* service name of who broke it */
    const char *text;      /* what happened, one sentence */
    const char *stack;     /* lines "function (file:line)", the breaking call */
    const char *other;     /* second stack: where the object was handed over before; may be NULL */
    const char *history;   /* moves of the object, a line each; may be NULL */
    const char *replay;    /* what replays it; may be NULL */
    const struct undis_obligation *obligations; /* of a hang, oldest first; or NULL */
    unsigned obligation_count;                  /* of these rows */
    unsigned obligations_left;                  /* rows for which there was no room */
};

/* Which of the allocations of drivers fail: memory, pools, MDLs, NBLs, handles, devices and their
 * names, values of the configuration, memory and lists for a device, map registers, interrupts. A
 * verified machine only. A stack is a driver's part of the call stack; it counts the first time it is seen. */
enum undis_fault {
    UNDIS_FAULT_NONE,
    UNDIS_FAULT_EACH,  /* the first one of every stack */
    UNDIS_FAULT_STACK, /* the first one of stack number fault_which, from 1 */
    UNDIS_FAULT_NTH,   /* number fault_which, from 1 */
    UNDIS_FAULT_RANDOM /* fault_which of a million, by seed */
};

/* Zero-initialise, set size. */
struct undis_config {
    size_t size; /* sizeof(struct undis_config) */
    enum undis_executive executive;
    unsigned processors; /* 0: 4 */
    uint64_t seed;       /* simulated: 0 is the tame run */
    bool verify;         /* rules, ledger */
    /* A verified machine: each layer gets NET_BUFFER_LISTs, packets and requests at an address of its
     * own, and who touches one that he has given away stops there. Not in undis-tsan. */
    bool hand_over;
    /* A verified machine: what the receiver of a NET_BUFFER_LIST may write in it is overwritten when
     * it changes hands, so that who relies on what he left there shows. */
    bool scribble;
    unsigned trace; /* events kept; 0: no trace */
    enum undis_profile profile;
    struct undis *world; /* share executive, arena and clock with this machine; or NULL */
    /* Called for every broken rule, and with rule NULL for DbgPrint text when debug_print. The
     * default writes to standard error. May be called on any thread; must not call undis. */
    void (*report)(void *context, const struct undis_report *report);
    void *report_context;
    bool debug_print;
    bool go_on;           /* rules that are not fatal do not end the process */
    unsigned patience_ms; /* for what drivers pend (pause, ...); 0: 30,000 */
    enum undis_fault fault;
    uint64_t fault_which;
    const char *suppress;    /* a file of what is known, "RULE DRIVER FUNCTION # REASON" lines */
    const char *report_file; /* reports for machines too: a .jsonl or .sarif */
    const char *command;     /* the command line that repeats this run, for reports; or NULL */
    /* Called before the process ends after a report, so that nothing of the program's own is left
     * behind: files, sockets. May be called on any thread, with a stack of its own, in a process
     * whose memory a driver has destroyed; what faults in it or lasts seconds is left. May be NULL. */
    void (*ending)(void *context);
    void *ending_context;
    const char *fault_spare; /* names of drivers for which nothing fails, commas between; or NULL */
};

/* "MAJOR.MINOR.PATCH" of the library. */
UNDIS_EXPORT const char *undis_version(void);
/* The last error sentence of the calling thread; never NULL. */
UNDIS_EXPORT const char *undis_error(void);

/* A machine that runs, without drivers. 0 or -errno. */
UNDIS_EXPORT int undis_create(const struct undis_config *config, struct undis **machine);
/* Stops stacks, unloads drivers, closes ports. Answers the number of rules broken, or -errno: then a
 * stack could not be removed (-EDEADLK: nothing in the machine can run any more), and it all stays. */
UNDIS_EXPORT int undis_destroy(struct undis *machine);

/* Keyword settings, before the driver or stack reads them. @where: a driver's service name or
 * "DRIVER/ADAPTER". Values that look like numbers are stored as REG_DWORD too when asked for.
 * UpperBindings of an intermediate driver names the stacks of its instances above that adapter,
 * which have been created; the driver reads the list of their devices. */
UNDIS_EXPORT int
undis_set(struct undis *machine, const char *where, const char *keyword, const char *value);

/* Reads a driver's INF before the driver is loaded: its values and defaults go to the registry,
 * undis_set checks keywords against its parameters, stacks follow its ranges and filter class.
 * @name: service name, NULL: as the INF says; @service, if not NULL, gets the name to load the
 * driver under. undis_driver_load does this by itself for a file NAME.inf beside NAME.so. */
UNDIS_EXPORT int
undis_driver_inf(struct undis *machine, const char *name, const char *path, const char **service);
/* Loads @path (a private copy), binds its imports, calls DriverEntry. @name: service name, NULL:
 * from the INF beside it, else from the file's name. */
UNDIS_EXPORT int undis_driver_load(
    struct undis *machine, const char *path, const char *name, struct undis_driver **driver);
/* A driver linked into the program. @entry: its DriverEntry. */
UNDIS_EXPORT int undis_driver_add(struct undis *machine, const char *name,
    int32_t (*entry)(void *DriverObject, void *RegistryPath), struct undis_driver **driver);
UNDIS_EXPORT int undis_driver_unload(struct undis_driver *driver);
UNDIS_EXPORT const char *undis_driver_name(const struct undis_driver *driver);
/* Address of a global of the private copy (tests), NULL when not exported. */
UNDIS_EXPORT void *undis_driver_symbol(struct undis_driver *driver, const char *name);

/* "null", "wire:NAME[,latency=US,loss=PPM,duplicate=PPM,reorder=PPM]", "tap:NAME", "tun:NAME",
 * "pcap:in=FILE,out=FILE", ... Two machines (or one twice) that open the same wire name are joined. */
UNDIS_EXPORT int undis_port_open(struct undis *machine, const char *spec, struct undis_port **port);
UNDIS_EXPORT int undis_port_close(struct undis_port *port);
/* Frames from the outside wait in the port, until it is let go: for stacks that are to start before
 * any of them gets frames. */
UNDIS_EXPORT int undis_port_hold(struct undis_port *port, bool held);
/* A NIC on the machine's PCI bus, as the bottom of a stack; its wire is @wire, which stays open
 * until the NIC is closed. @model: "ringnic", with options behind: "+msix", "+line=N".
 * undis_port_open knows it too, as "ringnic:PORT". */
UNDIS_EXPORT int undis_hardware_open(
    struct undis *machine, const char *model, struct undis_port *wire, struct undis_port **port);
/* Pulls the NIC out: it reads as all ones, and neither interrupts nor reaches memory any more. */
UNDIS_EXPORT int undis_hardware_pull(struct undis_port *port);
UNDIS_EXPORT const char *undis_port_help(void);
/* Frames in and out of a port from the program's side: a "program" port calls @receive. */
UNDIS_EXPORT int undis_port_program(struct undis *machine,
    void (*receive)(void *context, const void *frame, size_t length), void *context,
    struct undis_port **port);
UNDIS_EXPORT int undis_port_inject(struct undis_port *port, const void *frame, size_t length);

struct undis_port_stats {
    uint64_t read, written; /* frames from and to the outside */
    uint64_t read_bytes, written_bytes;
    uint64_t dropped; /* read but not taken by the driver above */
    uint64_t errors;  /* could not be written */
    bool ended;       /* a file was read to its end, or reading failed */
    bool finite;      /* ends by itself: a file */
};
/* Writes out what a file has buffered and fills in @stats; answers the first thing that failed:
 * -EBADMSG for a capture that breaks off, -ENOSPC for a full disk, -ENODEV for an interface that
 * went away ... undis_error says where. */
UNDIS_EXPORT int undis_port_stats(struct undis_port *port, struct undis_port_stats *stats);

/* What stands where. NULL-terminated arrays; top may be NULL (no protocol of ours). */
struct undis_stack_config {
    size_t size;
    const char *name; /* adapter name; NULL: "net0", "net1", ... */
    struct undis_driver *miniport;
    struct undis_port *bottom;             /* given to the miniport's PDO; may be NULL */
    struct undis_driver *const *filters;   /* top to bottom; NULL: none; INFs may order them */
    struct undis_driver *const *protocols; /* NULL: none */
    struct undis_port *top;                /* given to the first protocol; may be NULL */
};

/* Plans a stack and makes its adapter; no driver is called before undis_stack_start. @config is
 * copied. 0 or -errno. */
UNDIS_EXPORT int undis_stack_create(
    struct undis *machine, const struct undis_stack_config *config, struct undis_stack **stack);
/* Initialises the miniport, attaches filters, binds protocols, restarts everything. */
UNDIS_EXPORT int undis_stack_start(struct undis_stack *stack);
UNDIS_EXPORT int undis_stack_pause(struct undis_stack *stack);
UNDIS_EXPORT int undis_stack_restart(struct undis_stack *stack);
UNDIS_EXPORT int undis_stack_attach(struct undis_stack *stack, struct undis_driver *filter);
UNDIS_EXPORT int undis_stack_detach(struct undis_stack *stack, struct undis_driver *filter);
UNDIS_EXPORT int undis_stack_bind(struct undis_stack *stack, struct undis_driver *protocol);
UNDIS_EXPORT int undis_stack_unbind(struct undis_stack *stack, struct undis_driver *protocol);
/* Pauses, unbinds, detaches, halts; frees. */
UNDIS_EXPORT int undis_stack_remove(struct undis_stack *stack);
/* The same for a device that has been pulled out: filters and miniport are told first
 * (NdisDevicePnPEventSurpriseRemoved), and the miniport is halted with that reason. */
UNDIS_EXPORT int undis_stack_surprise(struct undis_stack *stack);
/* The device goes to power state D@state, 0 to 3, and the layers with it: protocols and filters
 * are asked and told by network events, the miniport by OID_PNP_QUERY_POWER and OID_PNP_SET_POWER,
 * or it is halted when it knows no power states; a running stack pauses before and restarts after.
 * From D1 to D3 the only way is to D0. */
UNDIS_EXPORT int undis_stack_power(struct undis_stack *stack, unsigned state);
/* The computer is switched off: calls the shutdown handler of every started miniport. Nothing is
 * halted by that; undis_destroy follows. */
UNDIS_EXPORT int undis_shutdown(struct undis *machine);
/* The computer stops at a bug check: the same at HIGH_LEVEL, with NdisShutdownBugCheck, of miniports of
 * NDIS 6; from 6.30 on of those that asked for it. */
UNDIS_EXPORT int undis_crash(struct undis *machine);

struct undis_layer {
    const char *kind; /* "protocol", "filter", "miniport" */
    const char *driver;
    const char *state;             /* "Running", "Paused", ... */
    uint64_t sent, send_completed; /* NBLs this layer passed down / got back */
    uint64_t send_pending;         /* of them completed after the send call had returned */
    uint64_t indicated, returned;  /* NBLs this layer passed up / got back */
    uint64_t resources;            /* indicated with NDIS_RECEIVE_FLAGS_RESOURCES */
    uint64_t oids, statuses;
    int64_t sends_out, receives_out; /* now */
};
/* Top to bottom. Answers how many layers there are; fills at most @max. */
UNDIS_EXPORT int
undis_stack_layers(struct undis_stack *stack, struct undis_layer *layers, unsigned max);

/* Query (@set false) or set an OID of the miniport through the whole stack, as a protocol would.
 * *@length: buffer size in, bytes written or needed out. Answers NDIS_STATUS in *@status. */
UNDIS_EXPORT int undis_stack_oid(struct undis_stack *stack, bool set, uint32_t oid, void *buffer,
    uint32_t *length, uint32_t *status);
/* The same of a network interface by its index, an adapter's or a driver's (NdisIfRegisterInterface).
 * -ENOENT: there is none. */
UNDIS_EXPORT int undis_interface_oid(struct undis *machine, uint32_t index, bool set, uint32_t oid,
    void *buffer, uint32_t *length, uint32_t *status);

/* Runs the machine: simulated, until @ns of virtual time passed (UINT64_MAX: until nothing is
 * left to do); threads, sleeps @ns, or with UINT64_MAX until finite ports ended and all is back. */
UNDIS_EXPORT int undis_run(struct undis *machine, uint64_t ns);
/* @fn inside the machine at PASSIVE_LEVEL, as a thread of the system process. */
UNDIS_EXPORT int undis_call(struct undis *machine, void (*fn)(void *context), void *context);
/* ns since the machine started; virtual when simulated. */
UNDIS_EXPORT uint64_t undis_now(struct undis *machine);

/* Devices: @name as Win32 or NT programs spell it, "\\\\.\\NDISLWF" or "\\Device\\NDISLWF". */
UNDIS_EXPORT int
undis_device_open(struct undis *machine, const char *name, struct undis_file **file);
UNDIS_EXPORT int undis_device_close(struct undis_file *file);
UNDIS_EXPORT int undis_device_ioctl(struct undis_file *file, uint32_t code, const void *in,
    size_t in_size, void *out, size_t out_size, size_t *done, uint32_t *status);
UNDIS_EXPORT int undis_device_read(
    struct undis_file *file, void *buffer, size_t size, size_t *done, uint32_t *status);
UNDIS_EXPORT int undis_device_write(
    struct undis_file *file, const void *buffer, size_t size, size_t *done, uint32_t *status);

/* The same without waiting. The request has buffers of its own: @in is copied, the output is fetched
 * at the end. */
enum undis_transfer { UNDIS_READ, UNDIS_WRITE, UNDIS_IOCTL };
struct undis_request;
UNDIS_EXPORT int undis_request_begin(struct undis_file *file, enum undis_transfer transfer,
    uint32_t code, const void *in, size_t in_size, size_t out_size, struct undis_request **request);
/* Readable when the request is finished; the request's own, to be polled only. */
UNDIS_EXPORT int undis_request_fd(const struct undis_request *request);
/* Asks the driver to end it; undis_request_end is still called, and may hear of success. */
UNDIS_EXPORT int undis_request_cancel(struct undis_request *request);
/* Waits for the request, copies at most @out_size bytes to @out, frees it. */
UNDIS_EXPORT int undis_request_end(
    struct undis_request *request, void *out, size_t out_size, size_t *done, uint32_t *status);

/* Events that drivers signal and wait for, and the program too. @name: one that a driver has made
 * with IoCreateNotificationEvent or IoCreateSynchronizationEvent, "Global\\X" or as drivers spell
 * it, -ENOENT without one; NULL: a new one, not signalled, for whose handle drivers are told. */
struct undis_event;
UNDIS_EXPORT int undis_event_open(
    struct undis *machine, const char *name, bool notification, struct undis_event **event);
/* What goes into a request's buffer where drivers expect a HANDLE. */
UNDIS_EXPORT uint64_t undis_event_handle(const struct undis_event *event);
/* An eventfd. Of a notification event it is readable while that is signalled, and only polled; of a
 * synchronization event whoever reads it has taken the signal. The event's own. */
UNDIS_EXPORT int undis_event_fd(const struct undis_event *event);
UNDIS_EXPORT bool undis_event_is_notification(const struct undis_event *event);
UNDIS_EXPORT int undis_event_set(struct undis_event *event, bool signalled);
UNDIS_EXPORT int undis_event_close(struct undis_event *event);

/* Captures: what the filter driver "capture", which comes with undis, sees, into a pcapng file.
 * Load it as a filter and put it where frames are to be seen, in as many stacks as you like; open
 * the capture before they start, for the frames that come before are kept in memory until then.
 * An interface of the file is an adapter; each frame has its direction (outbound: on its way
 * down), a comment that names the layer, and the time at which it passed. Frames that found no
 * memory are counted, in a comment where they are missing. One capture per machine at a time. When
 * a driver ends the process, the file holds what had been read until then, the last ms may be lost.
 * -ENOENT: the driver is not loaded; -EBUSY: it has a reader. */
struct undis_capture;
struct undis_capture_stats {
    uint64_t frames, bytes; /* written */
    uint64_t lost;
};
UNDIS_EXPORT int
undis_capture_open(struct undis *machine, const char *path, struct undis_capture **capture);
/* Answers why writing failed, if it did. */
UNDIS_EXPORT int
undis_capture_stats(struct undis_capture *capture, struct undis_capture_stats *stats);
/* Writes everything that was seen until now, then ends the file; @stats, if not NULL, gets the
 * final numbers. Answers the first error that writing met. Before undis_driver_unload of the
 * filter; undis_destroy closes what is left. */
UNDIS_EXPORT int
undis_capture_close(struct undis_capture *capture, struct undis_capture_stats *stats);

/* A point to come back to (simulated, ports wire, null and program only; else -ENOTSUP).
 * Everything of the world is put back: arena, drivers' data, clock, trace. */
struct undis_snapshot;
UNDIS_EXPORT int undis_save(struct undis *machine, struct undis_snapshot **snapshot);
UNDIS_EXPORT int undis_reset(struct undis *machine, const struct undis_snapshot *snapshot);
UNDIS_EXPORT void undis_snapshot_free(struct undis_snapshot *snapshot);
/* A new seed for the choices from now on. */
UNDIS_EXPORT int undis_seed(struct undis *machine, uint64_t seed);

/* Hash over all trace events so far; 0 without a trace. */
UNDIS_EXPORT uint64_t undis_trace_hash(struct undis *machine);

struct undis_usage {
    size_t arena_bytes, arena_blocks; /* live */
    unsigned tasks;
    unsigned rules_broken;
    uint64_t checks;
    uint64_t suppressed;                 /* reports that were not told */
    uint64_t faults, fault_stacks, asks; /* failures injected, of so many stacks and calls */
};
UNDIS_EXPORT int undis_usage(struct undis *machine, struct undis_usage *usage);

struct undis_rule {
    const char *id, *statement, *source, *severity,
        *state;         /* "checked", "not yet", "out of scope" */
    const char *reason; /* why it is not checked; NULL when it is */
    uint64_t checks;    /* in this machine; 0 without one */
};
/* All rules of rules.csv, by index; -ENOENT behind the last. @machine may be NULL. */
UNDIS_EXPORT int undis_rule(struct undis *machine, unsigned index, struct undis_rule *rule);

/* A report as people read it, on standard error: what is done without config.report. */
UNDIS_EXPORT void undis_report_print(const struct undis_report *report);

/* Which build of undis a driver wants: "", "asan" or "tsan"; NULL and undis_error when unreadable. */
UNDIS_EXPORT const char *undis_driver_needs(const char *path);
/* 1 for a driver that was built to look for races (undis build --sanitize races), else 0, or -errno.
 * They are looked for in machines that are simulated and verified. */
UNDIS_EXPORT int undis_driver_tells_accesses(const char *path);
/* What this build is: "", "asan" or "tsan". */
UNDIS_EXPORT const char *undis_build_kind(void);

#ifdef __cplusplus
}
#endif
