/* SPDX-License-Identifier: MIT */
/* Keys and values are found in any case, keep the spelling they were made with, and are
 * enumerated in alphabetical order; a deleted key is gone for who has it open. */
#include "nt.h"
#include "nt/registry.h"
#include <string.h>

#define SERVICE L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\Net"

static HANDLE
open_key(HANDLE root, PCWSTR path)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    HANDLE key = NULL;

    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, root, NULL);
    return ZwOpenKey(&key, KEY_READ, &attributes) == STATUS_SUCCESS ? key : NULL;
}

static void
test(void *context)
{
    struct undis *machine = context;
    ULONG number = 7, size = sizeof(number), needed;
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"mtu");
    UCHAR buffer[128];
    PKEY_VALUE_PARTIAL_INFORMATION partial = (PVOID)buffer;
    PKEY_BASIC_INFORMATION basic = (PVOID)buffer;
    HANDLE key, child;

    CHECK(registry_set(machine, SERVICE, L"MTU", REG_DWORD, &number, sizeof(number)) == 0);
    CHECK(registry_set(machine, SERVICE L"\\zeta", NULL, 0, NULL, 0) == 0);
    CHECK(registry_set(machine, SERVICE L"\\Alpha", NULL, 0, NULL, 0) == 0);
    number = 0;
    CHECK(registry_get(machine, SERVICE, L"mTu", NULL, &number, &size) == 0 && number == 7);

    key = open_key(NULL, L"\\REGISTRY\\machine\\SYSTEM\\currentcontrolset\\services\\NET");
    CHECK(key != NULL);
    CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, sizeof(buffer),
              &needed) == STATUS_SUCCESS);
    CHECK(partial->Type == REG_DWORD && partial->DataLength == 4 && partial->Data[0] == 7);
    CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, 14, &needed) ==
          STATUS_BUFFER_OVERFLOW);
    CHECK(needed == 16);
    CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, buffer, 4, &needed) ==
          STATUS_BUFFER_TOO_SMALL);

    CHECK(ZwEnumerateKey(key, 0, KeyBasicInformation, buffer, sizeof(buffer), &needed) == 0);
    CHECK(basic->NameLength == 10 && memcmp(basic->Name, L"Alpha", 10) == 0);
    CHECK(ZwEnumerateKey(key, 2, KeyBasicInformation, buffer, sizeof(buffer), &needed) ==
          STATUS_NO_MORE_ENTRIES);
    CHECK(ZwDeleteKey(key) == STATUS_CANNOT_DELETE);
    child = open_key(key, L"ALPHA");
    CHECK(child != NULL && ZwDeleteKey(child) == STATUS_SUCCESS);
    CHECK(ZwFlushKey(child) == STATUS_KEY_DELETED);
    CHECK(open_key(key, L"Alpha") == NULL);
    CHECK(ZwClose(child) == STATUS_SUCCESS && ZwClose(key) == STATUS_SUCCESS);
    CHECK(ZwClose(key) == STATUS_INVALID_HANDLE);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
