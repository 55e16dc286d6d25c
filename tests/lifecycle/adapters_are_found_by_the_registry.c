/* SPDX-License-Identifier: MIT */
/* A driver that knows nothing but the registry finds the adapters: each has a key of its class, its
 * device's name under Linkage, and for its miniport the same as MiniportName.
 */
#include "rig.h"

#include <ntddk.h>

static WCHAR found[128];
static unsigned adapters;

/* The text of @value in the key @path. */
static void
read_text(const WCHAR *path, const WCHAR *value, ULONG type)
{
    UCHAR room[512];
    KEY_VALUE_PARTIAL_INFORMATION *info = (void *)room;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    HANDLE key;
    ULONG size;

    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    CHECK_EQ(ZwOpenKey(&key, KEY_READ, &attributes), STATUS_SUCCESS);
    RtlInitUnicodeString(&name, value);
    CHECK_EQ(ZwQueryValueKey(key, &name, KeyValuePartialInformation, info, sizeof(room), &size),
        STATUS_SUCCESS);
    CHECK_EQ(info->Type, type);
    CHECK(info->DataLength < sizeof(found));
    RtlZeroMemory(found, sizeof(found));
    RtlCopyMemory(found, info->Data, info->DataLength);
    ZwClose(key);
}

static bool
is_device(const WCHAR *prefix)
{
    size_t n = 0;

    for (; prefix[n]; n++)
        if (found[n] != prefix[n])
            return false;
    return found[n] == '{' && found[n + 37] == '}' && !found[n + 38];
}

static void
look_at(const WCHAR *key)
{
    WCHAR linkage[256] = {0};
    unsigned n = 0;

    read_text(key, L"MiniportName", REG_SZ);
    CHECK(is_device(L"\\DEVICE\\"));
    for (; key[n]; n++)
        linkage[n] = key[n];
    RtlCopyMemory(linkage + n, L"\\Linkage", sizeof(L"\\Linkage"));
    read_text(linkage, L"Export", REG_MULTI_SZ);
    CHECK(is_device(L"\\Device\\"));
    read_text(linkage, L"RootDevice", REG_MULTI_SZ);
    CHECK(is_device(L""));
    adapters++;
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static const WCHAR class[] = L"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Class\\"
                                 L"{4D36E972-E325-11CE-BFC1-08002BE10318}\\";
    UCHAR room[256];
    KEY_BASIC_INFORMATION *info = (void *)room;
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name = {sizeof(class) - 2 * sizeof(WCHAR), sizeof(class), (PWSTR) class};
    HANDLE key;
    ULONG size;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    CHECK_EQ(ZwOpenKey(&key, KEY_READ, &attributes), STATUS_SUCCESS);
    for (ULONG i = 0;
         ZwEnumerateKey(key, i, KeyBasicInformation, info, sizeof(room), &size) == STATUS_SUCCESS;
         i++) {
        WCHAR path[128] = {0};

        RtlCopyMemory(path, class, sizeof(class));
        RtlCopyMemory(path + sizeof(class) / sizeof(WCHAR) - 1, info->Name, info->NameLength);
        look_at(path);
    }
    ZwClose(key);
    return STATUS_SUCCESS;
}

int
main(void)
{
    struct rig_config config = {.protocols = 1};
    struct undis_driver *driver;
    struct rig rig;

    adapters = 0;
    rig_up(&rig, &config);
    CHECK_OK(undis_driver_add(rig.machine, "finder", (int32_t(*)(void *, void *))entry, &driver));
    CHECK_EQ(adapters, 1);
    rig_down(&rig);
    return 0;
}
