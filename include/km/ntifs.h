/* SPDX-License-Identifier: MIT */
/* What drivers beside file systems take from ntifs.h: ntddk.h and a few calls. */
#pragma once

#include "ntddk.h"

EXTERN_C_START

NTKERNELAPI BOOLEAN IoIsOperationSynchronous(PIRP Irp);
NTKERNELAPI PACCESS_TOKEN PsReferencePrimaryToken(PEPROCESS Process);
NTKERNELAPI VOID PsDereferencePrimaryToken(PACCESS_TOKEN PrimaryToken);
NTSYSAPI NTSTATUS ZwQueryInformationToken(HANDLE TokenHandle, ULONG TokenInformationClass,
    PVOID TokenInformation, ULONG TokenInformationLength, PULONG ReturnLength);
NTSYSAPI NTSTATUS ZwQueryDirectoryFile(HANDLE FileHandle, HANDLE Event,
    PIO_APC_ROUTINE ApcRoutine, PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock,
    PVOID FileInformation, ULONG Length, FILE_INFORMATION_CLASS FileInformationClass,
    BOOLEAN ReturnSingleEntry, PUNICODE_STRING FileName, BOOLEAN RestartScan);

EXTERN_C_END
