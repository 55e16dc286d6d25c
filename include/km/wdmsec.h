/* SPDX-License-Identifier: MIT */
/* Named device objects with a security descriptor. */
#pragma once

#include "wdm.h"

EXTERN_C_START

NTKERNELAPI NTSTATUS WdmlibIoCreateDeviceSecure(PDRIVER_OBJECT DriverObject,
    ULONG DeviceExtensionSize, PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
    ULONG DeviceCharacteristics, BOOLEAN Exclusive, PCUNICODE_STRING DefaultSDDLString,
    LPCGUID DeviceClassGuid, PDEVICE_OBJECT *DeviceObject);
NTKERNELAPI NTSTATUS WdmlibRtlInitUnicodeStringEx(
    PUNICODE_STRING DestinationString, PCWSTR SourceString);
NTKERNELAPI NTSTATUS WdmlibIoValidateDeviceIoControlAccess(PIRP Irp, ULONG RequiredAccess);

/* Descriptors by purpose: SDDL text that names who may do what. */
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_KERNEL_ONLY;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_ALL;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RX;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R;
extern UNDIS_EXPORT const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX;

EXTERN_C_END

#define IoCreateDeviceSecure            WdmlibIoCreateDeviceSecure
#define RtlInitUnicodeStringEx          WdmlibRtlInitUnicodeStringEx
#define IoValidateDeviceIoControlAccess WdmlibIoValidateDeviceIoControlAccess
