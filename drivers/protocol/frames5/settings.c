/* SPDX-License-Identifier: MIT */
/* Settings of a binding, read through NDIS: both places are keys of the registry. */
#include "frames5.h"

NDIS_STATUS
SettingsOpen(SETTINGS *Settings, PNDIS_STRING Section)
{
    NDIS_STATUS Status;

    NdisOpenProtocolConfiguration(&Status, &Settings->Parameters, &ParametersPath);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    Settings->Section = NULL;
    if (Section == NULL)
        return NDIS_STATUS_SUCCESS;
    NdisOpenProtocolConfiguration(&Status, &Settings->Section, Section);
    if (Status != NDIS_STATUS_SUCCESS)
        NdisCloseConfiguration(Settings->Parameters);
    return Status;
}

VOID
SettingsClose(SETTINGS *Settings)
{
    if (Settings->Section != NULL)
        NdisCloseConfiguration(Settings->Section);
    NdisCloseConfiguration(Settings->Parameters);
}

/* NULL when neither place has it. */
static PNDIS_CONFIGURATION_PARAMETER
Read(SETTINGS *Settings, PCWSTR Keyword, NDIS_PARAMETER_TYPE Type)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_STATUS Status = NDIS_STATUS_FAILURE;
    NDIS_STRING Name;

    NdisInitUnicodeString(&Name, Keyword);
    if (Settings->Section != NULL)
        NdisReadConfiguration(&Status, &Parameter, Settings->Section, &Name, Type);
    if (Status != NDIS_STATUS_SUCCESS)
        NdisReadConfiguration(&Status, &Parameter, Settings->Parameters, &Name, Type);
    return Status == NDIS_STATUS_SUCCESS ? Parameter : NULL;
}

ULONG
SettingsNumber(SETTINGS *Settings, PCWSTR Keyword, ULONG Default)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter = Read(Settings, Keyword, NdisParameterInteger);

    return Parameter != NULL ? Parameter->ParameterData.IntegerData : Default;
}

PNDIS_STRING
SettingsString(SETTINGS *Settings, PCWSTR Keyword)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter = Read(Settings, Keyword, NdisParameterString);

    return Parameter != NULL ? &Parameter->ParameterData.StringData : NULL;
}
