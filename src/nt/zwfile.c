/* SPDX-License-Identifier: MIT */
/* Requests on a device by handle: ZwReadFile, ZwWriteFile, ZwDeviceIoControlFile. They wait for the
 * request: every file is opened for synchronous I/O, so no event or APC is needed to tell the end,
 * but an event that is given is set. */
#include "nt/handle.h"
#include "nt/iomanager.h"

static NTSTATUS
ended(NTSTATUS status, ULONG_PTR done, HANDLE event, PIO_STATUS_BLOCK result)
{
    PKEVENT signal;

    result->Status = status;
    result->Information = done;
    if (event == NULL)
        return status;
    signal = handle_get(machine_self(), event, OBJECT_EVENT);
    if (signal == NULL)
        return STATUS_INVALID_HANDLE;
    KeSetEvent(signal, IO_NO_INCREMENT, FALSE);
    reference_put(signal);
    return status;
}

/*
 * ZwDeviceIoControlFile - sends a device control request and waits for it; an APC is not supported
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    what the driver answers, STATUS_INVALID_HANDLE, STATUS_NOT_SUPPORTED with an APC.
 * Source:    NF:ntddk.ZwDeviceIoControlFile
 */
NTSTATUS
ZwDeviceIoControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine, PVOID ApcContext,
    PIO_STATUS_BLOCK IoStatusBlock, ULONG IoControlCode, PVOID InputBuffer, ULONG InputBufferLength,
    PVOID OutputBuffer, ULONG OutputBufferLength)
{
    PFILE_OBJECT file;
    ULONG_PTR done;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(ApcContext);
    if (ApcRoutine != NULL)
        return STATUS_NOT_SUPPORTED;
    file = handle_get(machine_self(), FileHandle, OBJECT_FILE);
    if (file == NULL)
        return STATUS_INVALID_HANDLE;
    status = io_control(file, IoControlCode, InputBuffer, InputBufferLength, OutputBuffer,
        OutputBufferLength, &done);
    reference_put(file);
    return ended(status, done, Event, IoStatusBlock);
}

static NTSTATUS
transfer(HANDLE handle, HANDLE event, PIO_STATUS_BLOCK result, PVOID buffer, ULONG length,
    PLARGE_INTEGER offset, BOOLEAN in)
{
    PFILE_OBJECT file = handle_get(machine_self(), handle, OBJECT_FILE);
    ULONG_PTR done;
    NTSTATUS status;

    if (file == NULL)
        return STATUS_INVALID_HANDLE;
    if (offset != NULL && offset->QuadPart >= 0)
        file->CurrentByteOffset = *offset;
    status = in ? io_write(file, buffer, length, &done) : io_read(file, buffer, length, &done);
    if (NT_SUCCESS(status))
        file->CurrentByteOffset.QuadPart += (LONGLONG)done;
    reference_put(file);
    return ended(status, done, event, result);
}

/*
 * ZwReadFile - sends a read request and waits for it; an APC is not supported
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    what the driver answers, STATUS_INVALID_HANDLE, STATUS_NOT_SUPPORTED with an APC.
 * Source:    NF:wdm.ZwReadFile
 */
NTSTATUS
ZwReadFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine, PVOID ApcContext,
    PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length, PLARGE_INTEGER ByteOffset,
    PULONG Key)
{
    UNREFERENCED_PARAMETER(ApcContext);
    UNREFERENCED_PARAMETER(Key);
    if (ApcRoutine != NULL)
        return STATUS_NOT_SUPPORTED;
    return transfer(FileHandle, Event, IoStatusBlock, Buffer, Length, ByteOffset, FALSE);
}

/*
 * ZwWriteFile - sends a write request and waits for it; an APC is not supported
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    what the driver answers, STATUS_INVALID_HANDLE, STATUS_NOT_SUPPORTED with an APC.
 * Source:    NF:wdm.ZwWriteFile
 */
NTSTATUS
ZwWriteFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine, PVOID ApcContext,
    PIO_STATUS_BLOCK IoStatusBlock, PVOID Buffer, ULONG Length, PLARGE_INTEGER ByteOffset,
    PULONG Key)
{
    UNREFERENCED_PARAMETER(ApcContext);
    UNREFERENCED_PARAMETER(Key);
    if (ApcRoutine != NULL)
        return STATUS_NOT_SUPPORTED;
    return transfer(FileHandle, Event, IoStatusBlock, Buffer, Length, ByteOffset, TRUE);
}
