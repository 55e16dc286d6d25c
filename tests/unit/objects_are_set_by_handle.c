/* SPDX-License-Identifier: MIT */
/* The priority of a thread is set through its handle. What nobody would look at is refused: other
 * information, and security descriptors that do not let everybody.
 */
#include "nt.h"
#include <ntifs.h>

static VOID
threads(HANDLE thread)
{
    HANDLE event;
    KPRIORITY before = KeQueryPriorityThread(KeGetCurrentThread()),
              priority = LOW_REALTIME_PRIORITY;
    LONG increment = 2;

    CHECK(ZwSetInformationThread(thread, ThreadPriority, &priority, sizeof(priority)) ==
          STATUS_SUCCESS);
    CHECK(KeQueryPriorityThread(KeGetCurrentThread()) == LOW_REALTIME_PRIORITY);
    CHECK(ZwSetInformationThread(thread, ThreadBasePriority, &increment, sizeof(increment)) ==
          STATUS_SUCCESS);
    CHECK(KeQueryPriorityThread(KeGetCurrentThread()) == before + increment);
    CHECK(ZwSetInformationThread(thread, ThreadPriority, &priority, 1) ==
          STATUS_INFO_LENGTH_MISMATCH);
    priority = HIGH_PRIORITY + 1;
    CHECK(ZwSetInformationThread(thread, ThreadPriority, &priority, sizeof(priority)) ==
          STATUS_INVALID_PARAMETER);
    CHECK(ZwSetInformationThread(thread, ThreadZeroTlsCell, &priority, sizeof(priority)) ==
          STATUS_NOT_SUPPORTED);
    priority = before;
    CHECK(ZwSetInformationThread((HANDLE)0x7ff0, ThreadPriority, &priority, sizeof(priority)) ==
          STATUS_INVALID_HANDLE);
    CHECK(
        ZwCreateEvent(&event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE) == STATUS_SUCCESS);
    CHECK(ZwSetInformationThread(event, ThreadPriority, &priority, sizeof(priority)) ==
          STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(KeQueryPriorityThread(KeGetCurrentThread()) == before + increment);
    ZwClose(event);
}

static VOID
descriptors(VOID)
{
    SECURITY_DESCRIPTOR descriptor;
    HANDLE event;
    ACL list;

    CHECK(
        ZwCreateEvent(&event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE) == STATUS_SUCCESS);
    CHECK(RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) == STATUS_SUCCESS);
    CHECK(ZwSetSecurityObject((HANDLE)0x7ff0, DACL_SECURITY_INFORMATION, &descriptor) ==
          STATUS_INVALID_HANDLE);
    CHECK(ZwSetSecurityObject(event, DACL_SECURITY_INFORMATION, NULL) == STATUS_ACCESS_VIOLATION);
    CHECK(ZwSetSecurityObject(event, DACL_SECURITY_INFORMATION, &descriptor) == STATUS_SUCCESS);
    CHECK(ZwSetSecurityObject(event, OWNER_SECURITY_INFORMATION, &descriptor) ==
          STATUS_NOT_SUPPORTED);
    CHECK(RtlSetDaclSecurityDescriptor(&descriptor, TRUE, NULL, FALSE) == STATUS_SUCCESS);
    CHECK(ZwSetSecurityObject(event, DACL_SECURITY_INFORMATION, &descriptor) == STATUS_SUCCESS);
    CHECK(RtlCreateAcl(&list, sizeof(list), ACL_REVISION) == STATUS_SUCCESS);
    CHECK(RtlSetDaclSecurityDescriptor(&descriptor, TRUE, &list, FALSE) == STATUS_SUCCESS);
    CHECK(
        ZwSetSecurityObject(event, DACL_SECURITY_INFORMATION, &descriptor) == STATUS_NOT_SUPPORTED);
    descriptor.Revision = 9;
    CHECK(ZwSetSecurityObject(event, DACL_SECURITY_INFORMATION, &descriptor) ==
          STATUS_INVALID_SECURITY_DESCR);
    ZwClose(event);
}

static void
check(void *context)
{
    (void)context;
    threads(ZwCurrentThread());
    descriptors();
}

int
main(void)
{
    nt_run(check);
    return 0;
}
