/* SPDX-License-Identifier: MIT */
/* Settings of a binding: ProtocolSection is a registry key, the parameters are read through NDIS. */
#include "frames.h"

NDIS_STATUS
SettingsOpen(SETTINGS *Settings, PNDIS_STRING Section)
{
    NDIS_CONFIGURATION_OBJECT Object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = ProtocolHandle,
    };
    OBJECT_ATTRIBUTES Attributes;
    NDIS_STATUS Status = NdisOpenConfigurationEx(&Object, &Settings->Parameters);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    InitializeObjectAttributes(
        &Attributes, Section, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (Section == NULL || !NT_SUCCESS(ZwOpenKey(&Settings->Section, KEY_READ, &Attributes)))
        Settings->Section = NULL;
    return NDIS_STATUS_SUCCESS;
}

VOID
SettingsClose(SETTINGS *Settings)
{
    if (Settings->Section != NULL)
        ZwClose(Settings->Section);
    NdisCloseConfiguration(Settings->Parameters);
}

/* The value of the section, NULL when it has none. */
static PKEY_VALUE_PARTIAL_INFORMATION
FromSection(SETTINGS *Settings, PCWSTR Keyword)
{
    PKEY_VALUE_PARTIAL_INFORMATION Value = (PKEY_VALUE_PARTIAL_INFORMATION)Settings->Value;
    UNICODE_STRING Name;
    ULONG Size;

    if (Settings->Section == NULL)
        return NULL;
    RtlInitUnicodeString(&Name, Keyword);
    if (!NT_SUCCESS(ZwQueryValueKey(Settings->Section, &Name, KeyValuePartialInformation, Value,
            sizeof(Settings->Value), &Size)))
        return NULL;
    return Value;
}

/* A REG_SZ value as a string, without its terminating zero. */
static BOOLEAN
AsString(PKEY_VALUE_PARTIAL_INFORMATION Value, PUNICODE_STRING String)
{
    if (Value->Type != REG_SZ || Value->DataLength < sizeof(WCHAR))
        return FALSE;
    String->Buffer = (PWCH)Value->Data;
    String->Length = String->MaximumLength = (USHORT)Value->DataLength;
    if (String->Buffer[String->Length / sizeof(WCHAR) - 1] == 0)
        String->Length -= sizeof(WCHAR);
    return TRUE;
}

/* The driver's own parameter, NULL when it has none. */
static PNDIS_CONFIGURATION_PARAMETER
FromParameters(SETTINGS *Settings, PCWSTR Keyword, NDIS_PARAMETER_TYPE Type)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_STRING Name;
    NDIS_STATUS Status;

    NdisInitUnicodeString(&Name, Keyword);
    NdisReadConfiguration(&Status, &Parameter, Settings->Parameters, &Name, Type);
    return Status == NDIS_STATUS_SUCCESS ? Parameter : NULL;
}

ULONG
SettingsNumber(SETTINGS *Settings, PCWSTR Keyword, ULONG Default)
{
    PKEY_VALUE_PARTIAL_INFORMATION Value = FromSection(Settings, Keyword);
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    UNICODE_STRING Text;
    ULONG Number;

    if (Value != NULL && Value->Type == REG_DWORD && Value->DataLength == sizeof(Number)) {
        NdisMoveMemory(&Number, Value->Data, sizeof(Number));
        return Number;
    }
    if (Value != NULL && AsString(Value, &Text) &&
        NT_SUCCESS(RtlUnicodeStringToInteger(&Text, 0, &Number)))
        return Number;
    Parameter = FromParameters(Settings, Keyword, NdisParameterInteger);
    return Parameter != NULL ? Parameter->ParameterData.IntegerData : Default;
}

BOOLEAN
SettingsString(SETTINGS *Settings, PCWSTR Keyword, PUNICODE_STRING String)
{
    PKEY_VALUE_PARTIAL_INFORMATION Value = FromSection(Settings, Keyword);
    PNDIS_CONFIGURATION_PARAMETER Parameter;

    if (Value != NULL && AsString(Value, String))
        return TRUE;
    Parameter = FromParameters(Settings, Keyword, NdisParameterString);
    if (Parameter == NULL)
        return FALSE;
    *String = Parameter->ParameterData.StringData;
    return TRUE;
}
