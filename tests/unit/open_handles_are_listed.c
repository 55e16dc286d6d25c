/* SPDX-License-Identifier: MIT */
/* ZwQuerySystemInformation lists the open handles with their objects, and no closed one; other
 * classes are refused. */
#include "nt.h"

#include <undis/undocumented.h>

#define HANDLES 64u

struct entry {
    PVOID object;
    HANDLE process, handle;
    ULONG rest[4];
};

struct table {
    ULONG_PTR count, reserved;
    struct entry entries[16];
};

static bool
listed(const struct table *table, HANDLE handle, PVOID object)
{
    for (ULONG_PTR i = 0; i < table->count; i++)
        if (table->entries[i].handle == handle)
            return table->entries[i].object == object;
    return false;
}

static void
test(void *machine)
{
    struct table table = {0};
    OBJECT_ATTRIBUTES attributes;
    HANDLE first, second;
    PVOID object;
    ULONG needed = 0, more = 0;

    (void)machine;
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK(ZwCreateEvent(&first, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE) == 0);
    CHECK(ZwQuerySystemInformation(HANDLES, NULL, 0, &needed) == STATUS_INFO_LENGTH_MISMATCH);
    CHECK(ZwCreateEvent(&second, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE) == 0);
    CHECK(ZwQuerySystemInformation(HANDLES, &table, needed, &more) == STATUS_INFO_LENGTH_MISMATCH);
    CHECK(more == needed + sizeof(struct entry));
    CHECK(ZwQuerySystemInformation(HANDLES, &table, sizeof(table), &more) == STATUS_SUCCESS);
    CHECK(ObReferenceObjectByHandle(second, 0, *ExEventObjectType, KernelMode, &object, NULL) ==
          STATUS_SUCCESS);
    CHECK(listed(&table, second, object));
    ObDereferenceObject(object);
    ZwClose(second);
    CHECK(ZwQuerySystemInformation(HANDLES, &table, sizeof(table), NULL) == STATUS_SUCCESS);
    CHECK(!listed(&table, second, object));
    ZwClose(first);
    CHECK(ZwQuerySystemInformation(0xFFFF, &table, sizeof(table), &more) ==
          STATUS_INVALID_INFO_CLASS);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
