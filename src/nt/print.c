/* SPDX-License-Identifier: MIT */
/* DbgPrint and its family: one line to whom the machine reports, cut at 512 bytes as on Windows.
 *
 * Who asks for a machine's debug output sees all of it: the filter of every component is open at
 * the start, and DbgSetDebugFilterState closes levels. Called at any IRQL; takes no lock.
 */
#include "crt/format.h"
#include "nt/gate.h"
#include "nt/iomanager.h"
#include <string.h>

#define LINE_MAX 512

static ULONG
print_line(PCCH prefix, PCCH format, va_list arguments)
{
    struct undis *machine = machine_self();
    char line[LINE_MAX];
    struct format_sink sink = {line, sizeof(line) - 1, 0, 0};

    if (prefix != NULL) {
        size_t length = strnlen(prefix, sizeof(line) - 1);

        memcpy(line, prefix, length);
        sink.count = length;
    }
    undis_format(&sink, format, arguments);
    line[sink.count < sizeof(line) ? sink.count : sizeof(line) - 1] = 0;
    if (machine->report != NULL && machine->debug_print)
        machine->report(machine->report_context, line);
    return (ULONG)STATUS_SUCCESS;
}

/*
 * DbgPrint - a line for the machine's report; formats as printf of the drivers' runtime, without
 *     floating point
 *
 * IRQL:      <= DIRQL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS; text beyond 511 bytes is cut.
 * Source:    NF:wdm.DbgPrint
 */
ULONG
DbgPrint(PCSTR Format, ...)
{
    va_list arguments;
    ULONG status;

    va_start(arguments, Format);
    status = print_line(NULL, Format, arguments);
    va_end(arguments);
    return status;
}

/* The bits that a level means: 0 .. 31 is a bit number, more is a mask. */
static ULONG
level_bits(ULONG level)
{
    return level < 32 ? 1u << level : level;
}

/*
 * DbgQueryDebugFilterState - whether a level of a component goes through
 *
 * IRQL:      <= DIRQL
 * Ownership: none.
 * Errors:    TRUE or FALSE; STATUS_INVALID_PARAMETER_1 for a component that is none.
 * Source:    NF:wdm.DbgPrintEx
 */
NTSTATUS
DbgQueryDebugFilterState(ULONG ComponentId, ULONG Level)
{
    if (ComponentId == MAXULONG)
        ComponentId = DPFLTR_DEFAULT_ID;
    if (ComponentId >= DEBUG_COMPONENTS)
        return STATUS_INVALID_PARAMETER_1;
    return (machine_self()->io->debug_closed[ComponentId] & level_bits(Level)) == level_bits(Level)
               ? FALSE
               : TRUE;
}

/*
 * DbgSetDebugFilterState - opens or closes a level of a component
 *
 * IRQL:      <= DIRQL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER_1 for a component that is none.
 * Source:    NF:wdm.DbgPrintEx
 */
NTSTATUS
DbgSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State)
{
    if (ComponentId == MAXULONG)
        ComponentId = DPFLTR_DEFAULT_ID;
    if (ComponentId >= DEBUG_COMPONENTS)
        return STATUS_INVALID_PARAMETER_1;
    if (State)
        machine_self()->io->debug_closed[ComponentId] &= ~level_bits(Level);
    else
        machine_self()->io->debug_closed[ComponentId] |= level_bits(Level);
    return STATUS_SUCCESS;
}

/*
 * vDbgPrintExWithPrefix - as DbgPrintEx, with a text in front
 *
 * IRQL:      <= DIRQL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS; text beyond 511 bytes is cut.
 * Source:    NF:wdm.vDbgPrintExWithPrefix
 */
ULONG
vDbgPrintExWithPrefix(PCCH Prefix, ULONG ComponentId, ULONG Level, PCCH Format, va_list arglist)
{
    if (DbgQueryDebugFilterState(ComponentId, Level) != TRUE)
        return (ULONG)STATUS_SUCCESS;
    return print_line(Prefix, Format, arglist);
}

/*
 * vDbgPrintEx - as DbgPrintEx with the arguments in a list
 *
 * IRQL:      <= DIRQL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS; text beyond 511 bytes is cut.
 * Source:    NF:wdm.vDbgPrintEx
 */
ULONG
vDbgPrintEx(ULONG ComponentId, ULONG Level, PCCH Format, va_list arglist)
{
    return vDbgPrintExWithPrefix(NULL, ComponentId, Level, Format, arglist);
}

/*
 * DbgPrintEx - as DbgPrint, when the component's filter lets the level through
 *
 * IRQL:      <= DIRQL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS; text beyond 511 bytes is cut.
 * Source:    NF:wdm.DbgPrintEx
 */
ULONG
DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
    va_list arguments;
    ULONG status;

    va_start(arguments, Format);
    status = vDbgPrintEx(ComponentId, Level, Format, arguments);
    va_end(arguments);
    return status;
}
