/* SPDX-License-Identifier: MIT */
/* The event log: a line of text to the machine's report. */
#include "ndis/stack/adapter.h"
#include <stdarg.h>

#define VALUES_MAX 8
#define LINE_SIZE  512

/* A line under construction; what does not fit is left out. */
struct line {
    char text[LINE_SIZE];
    size_t length;
};

static void
add_text(struct line *line, const char *text)
{
    while (*text && line->length < LINE_SIZE - 1)
        line->text[line->length++] = *text++;
    line->text[line->length] = 0;
}

static void
add_hex(struct line *line, uint64_t value, int digits)
{
    char text[17] = {0};

    for (int i = digits - 1; i >= 0; i--, value >>= 4)
        text[i] = "0123456789abcdef"[value & 15];
    add_text(line, text);
}

/* The part of a UTF-16 string that is ASCII. */
static void
add_wide(struct line *line, const WCHAR *text)
{
    for (; text && *text; text++)
        add_text(line, (char[]){(char)(*text >= ' ' && *text < 0x7f ? *text : '?'), 0});
}

static void
emit(struct line *line)
{
    struct undis *machine = machine_self();

    add_text(line, "\n");
    if (machine->report)
        machine->report(machine->report_context, line->text);
}

static void
begin(struct line *line, const char *what)
{
    struct driver *driver = block_self->driver;

    line->length = 0;
    add_text(line, driver ? driver->name : "undis");
    add_text(line, what);
}

/*
 * NdisWriteErrorLogEntry - tells an adapter's trouble to the event log
 *
 * @NdisAdapterHandle:   as given to MiniportInitializeEx.
 * @ErrorCode:           NDIS_ERROR_CODE_*.
 * @NumberOfErrorValues: how many ULONGs follow.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisWriteErrorLogEntry
 */
VOID
NdisWriteErrorLogEntry(
    NDIS_HANDLE NdisAdapterHandle, NDIS_ERROR_CODE ErrorCode, ULONG NumberOfErrorValues, ...)
{
    struct module *miniport =
        module_from_handle(NdisAdapterHandle, MODULE_MINIPORT, "NdisWriteErrorLogEntry");
    struct line line;
    va_list values;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    begin(&line, ": error log of ");
    add_text(&line, miniport->adapter->name);
    add_text(&line, ": code ");
    add_hex(&line, (ULONG)ErrorCode, 8);
    va_start(values, NumberOfErrorValues);
    for (ULONG i = 0; i < NumberOfErrorValues && i < VALUES_MAX; i++) {
        add_text(&line, " ");
        add_hex(&line, va_arg(values, ULONG), 8);
    }
    va_end(values);
    emit(&line);
}

/*
 * NdisWriteEventLogEntry - writes a message to the event log
 *
 * @LogHandle:        driver object.
 * @EventCode:        of the message.
 * @UniqueEventValue: what tells this one from others of the same code.
 * @NumStrings:       of the message.
 * @StringsList:      that many pointers to zero-terminated Unicode strings.
 * @DataSize:         bytes of data.
 * @Data:             the data, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_BUFFER_TOO_SHORT when strings and data are too long for an entry.
 * Source:    NF:ndis.NdisWriteEventLogEntry
 */
NDIS_STATUS
NdisWriteEventLogEntry(PVOID LogHandle, NDIS_STATUS EventCode, ULONG UniqueEventValue,
    USHORT NumStrings, PVOID StringsList, ULONG DataSize, PVOID Data)
{
    WCHAR **strings = StringsList;
    struct line line;

    UNREFERENCED_PARAMETER(LogHandle);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (DataSize > ERROR_LOG_MAXIMUM_SIZE)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    begin(&line, ": event log: code ");
    add_hex(&line, (ULONG)EventCode, 8);
    add_text(&line, " value ");
    add_hex(&line, UniqueEventValue, 8);
    for (USHORT i = 0; i < NumStrings; i++) {
        add_text(&line, " ");
        add_wide(&line, strings[i]);
    }
    if (Data && DataSize)
        add_text(&line, " data");
    for (ULONG i = 0; Data && i < DataSize; i++) {
        add_text(&line, " ");
        add_hex(&line, ((const UCHAR *)Data)[i], 2);
    }
    emit(&line);
    return NDIS_STATUS_SUCCESS;
}
