/* SPDX-License-Identifier: MIT */
/* ruins: a filter that destroys something a moment after it was attached: what the last part of its
 * service's name says, ruins.KIND. What it writes and calls no compiler sees.
 */
#define NDIS_FILTER_DRIVER 1
#define NDIS630            1

#include <ndis.h>

#define TAG      'niuR'
#define DELAY_MS 50
#define AROUND   (256u << 10)
#define FAR      4096 /* pages */
#define THREADS  4

DRIVER_INITIALIZE DriverEntry;

static NDIS_HANDLE DriverHandle, Filter;
static KTIMER Timer;
static KDPC Dpc;
static WCHAR Kind[32];
static volatile LONG Data = 1;
static PUCHAR Block;

static DECLSPEC_NOINLINE LONG_PTR
System(LONG_PTR Number, LONG_PTR A, LONG_PTR B, LONG_PTR C, LONG_PTR D, LONG_PTR E)
{
    LONG_PTR Result;

    __asm__ volatile("movq %5,%%r10; movq %6,%%r8; xorl %%r9d,%%r9d; syscall"
                     : "=a"(Result)
                     : "a"(Number), "D"(A), "S"(B), "d"(C), "r"(D), "r"(E)
                     : "rcx", "r8", "r9", "r10", "r11", "memory");
    return Result;
}

static DECLSPEC_NOINLINE VOID
Fill(PVOID At, SIZE_T Size)
{
    __asm__ volatile("rep stosb" : "+D"(At), "+c"(Size) : "a"(0xCC) : "memory");
}

static DECLSPEC_NOINLINE VOID
WriteNowhere(VOID)
{
    *(volatile ULONG *)(ULONG_PTR)0x10 = 1;
}

/* Its frame and those above it; then it returns. */
static DECLSPEC_NOINLINE VOID
RuinStack(VOID)
{
    Fill(__builtin_frame_address(0), 600);
}

static DECLSPEC_NOINLINE VOID
RuinStackAndWrite(VOID)
{
    Fill(__builtin_frame_address(0), 600);
    WriteNowhere();
}

static DECLSPEC_NOINLINE VOID
RuinNeighbours(VOID)
{
    Fill(Block - AROUND, 2 * AROUND);
    WriteNowhere();
}

/* What undis does next meets what is there now. */
static DECLSPEC_NOINLINE VOID
RuinNeighboursAndCall(VOID)
{
    Fill(Block - AROUND, 2 * AROUND);
    ExFreePoolWithTag(Block, TAG);
    for (ULONG i = 0; i < 1000; i++)
        Block = ExAllocatePoolWithTag(NonPagedPoolNx, 4096, TAG);
    WriteNowhere();
}

static DECLSPEC_NOINLINE VOID
RuinDown(VOID)
{
    for (PUCHAR At = Block;; At -= 4096)
        Fill(At, 4096);
}

static DECLSPEC_NOINLINE VOID
RuinUp(VOID)
{
    for (ULONG i = 0; i < FAR; i++)
        Fill(Block + 4096ull * i, 4096);
    WriteNowhere();
}

/* The end of the C library's heap, which the process has of its own. */
static DECLSPEC_NOINLINE VOID
RuinHeap(VOID)
{
    PUCHAR End = (PUCHAR)System(12, 0, 0, 0, 0, 0);

    Fill(End - AROUND / 2, AROUND / 2);
    WriteNowhere();
}

extern UCHAR __ehdr_start[] __attribute__((visibility("hidden")));
extern UCHAR _end[] __attribute__((visibility("hidden")));

static DECLSPEC_NOINLINE VOID
UnmapImage(VOID)
{
    System(11, (LONG_PTR)__ehdr_start, (_end - __ehdr_start + 4095) & ~4095ll, 0, 0, 0);
    WriteNowhere();
}

/* The tables of the image can be read no more, its code still runs. */
static DECLSPEC_NOINLINE VOID
CloseTables(VOID)
{
    System(10, (LONG_PTR)__ehdr_start, 4096, 0, 0, 0);
    WriteNowhere();
}

static DECLSPEC_NOINLINE ULONG
Recurse(ULONG Depth)
{
    volatile UCHAR Room[512];

    Room[Depth % sizeof(Room)] = (UCHAR)Depth;
    return Recurse(Depth + 1) + Room[Depth % sizeof(Room)];
}

static DECLSPEC_NOINLINE VOID
Overflow(VOID)
{
    Data += (LONG)Recurse(0);
}

static DECLSPEC_NOINLINE VOID
CallNull(VOID)
{
    ((VOID(*volatile)(VOID))NULL)();
    Data++;
}

static DECLSPEC_NOINLINE VOID
CallData(VOID)
{
    ((VOID(*volatile)(VOID))(PVOID)&Data)();
    Data++;
}

static DECLSPEC_NOINLINE VOID
Divide(VOID)
{
    __asm__ volatile("xorl %%edx,%%edx; xorl %%ecx,%%ecx; idivl %%ecx" ::: "eax", "ecx", "edx");
}

static DECLSPEC_NOINLINE VOID
Illegal(VOID)
{
    __asm__ volatile("ud2");
}

/* A page of a file that is empty. */
static DECLSPEC_NOINLINE VOID
BusError(VOID)
{
    LONG_PTR File = System(319, (LONG_PTR) "ruins", 0, 0, 0, 0);
    LONG_PTR Memory = System(9, 0, 4096, 3, 1, File);

    *(volatile UCHAR *)Memory = 1;
}

/* What abort comes to. */
static DECLSPEC_NOINLINE VOID
Abort(VOID)
{
    System(234, System(39, 0, 0, 0, 0, 0), System(186, 0, 0, 0, 0, 0), 6, 0, 0);
}

/* As after a jump to a frame that is no more: somewhere in other memory. */
static DECLSPEC_NOINLINE VOID
JumpAway(VOID)
{
    __asm__ volatile("movq %0,%%rsp; movq %0,%%rbp; movl $1,0x10" ::"r"(Block + 2048) : "memory");
}

static DECLSPEC_NOINLINE VOID
LoseStack(VOID)
{
    __asm__ volatile("movl $0x10,%%esp; movl $0x20,%%ebp; pushq $0" ::: "memory");
}

/* undis follows what it is given, with its locks held. */
static DECLSPEC_NOINLINE VOID
SendNothing(VOID)
{
    NdisFSendNetBufferLists(Filter, (PNET_BUFFER_LIST)(ULONG_PTR)0x5A5A5A5A5A50, 0, 0);
}

static DECLSPEC_NOINLINE VOID
SetNothing(VOID)
{
    KeSetEvent((PKEVENT)(ULONG_PTR)0x5A5A5A5A5A50, 0, FALSE);
}

static DECLSPEC_NOINLINE VOID
Print(VOID)
{
    DbgPrint("%s\n", (const char *)(ULONG_PTR)0x5A5A5A5A5A50);
    WriteNowhere();
}

static DECLSPEC_NOINLINE VOID
BugCheck(VOID)
{
    Fill(Block - AROUND, 2 * AROUND);
    KeBugCheckEx(0xE2, 1, 2, 3, 4);
}

static DECLSPEC_NOINLINE VOID
Assertion(VOID)
{
    RtlAssert((PVOID) "Data == 17", (PVOID)__FILE__, __LINE__, NULL);
}

static VOID
CrashAgain(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    WriteNowhere();
}

/* At the same time, on threads. */
static VOID
CrashOften(VOID)
{
    HANDLE Thread;

    for (ULONG i = 0; i < THREADS; i++)
        PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, CrashAgain, NULL);
}

static VOID
Nothing(VOID)
{
}

static const struct {
    PCWSTR Kind;
    VOID (*Ruin)(VOID);
    BOOLEAN Passive;
} Kinds[] = {
    {L"none", Nothing, FALSE},
    {L"write", WriteNowhere, FALSE},
    {L"stack", RuinStack, FALSE},
    {L"frames", RuinStackAndWrite, FALSE},
    {L"arena", RuinNeighbours, FALSE},
    {L"lists", RuinNeighboursAndCall, FALSE},
    {L"down", RuinDown, FALSE},
    {L"up", RuinUp, FALSE},
    {L"heap", RuinHeap, FALSE},
    {L"image", UnmapImage, FALSE},
    {L"tables", CloseTables, FALSE},
    {L"overflow", Overflow, FALSE},
    {L"null", CallNull, FALSE},
    {L"data", CallData, FALSE},
    {L"fpe", Divide, FALSE},
    {L"ill", Illegal, FALSE},
    {L"bus", BusError, FALSE},
    {L"abort", Abort, FALSE},
    {L"jump", JumpAway, FALSE},
    {L"lost", LoseStack, FALSE},
    {L"chain", SendNothing, FALSE},
    {L"event", SetNothing, FALSE},
    {L"print", Print, FALSE},
    {L"check", BugCheck, FALSE},
    {L"assert", Assertion, FALSE},
    {L"threads", CrashOften, TRUE},
};

static VOID
RuinIt(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    for (ULONG i = 0; i < ARRAYSIZE(Kinds); i++)
        if (wcscmp(Kind, Kinds[i].Kind) == 0 && (Context != NULL) == Kinds[i].Passive)
            Kinds[i].Ruin();
}

static VOID
Expired(PKDPC Self, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    RuinIt(NULL, NULL);
}

static NDIS_STATUS
Attach(NDIS_HANDLE Handle, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    NDIS_FILTER_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1}};
    LARGE_INTEGER Delay = {.QuadPart = -10000ll * DELAY_MS};

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    Filter = Handle;
    Block = ExAllocatePoolWithTag(NonPagedPoolNx, 8192, TAG);
    if (!Block)
        return NDIS_STATUS_RESOURCES;
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Expired, NULL);
    KeSetTimer(&Timer, Delay, &Dpc);
    RuinIt(NULL, Handle);
    return NdisFSetAttributes(Handle, Handle, &Attributes);
}

static VOID
Detach(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    ExFreePoolWithTag(Block, TAG);
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_FILTER_PAUSE_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisFDeregisterFilterDriver(DriverHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS Filters = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .FriendlyName = RTL_CONSTANT_STRING(L"ruins"),
        .UniqueName = RTL_CONSTANT_STRING(L"{6a1f0c0e-5b0b-4b55-9e3c-7561d0b6a0aa}"),
        .AttachHandler = Attach,
        .DetachHandler = Detach,
        .RestartHandler = Restart,
        .PauseHandler = Pause};
    UNICODE_STRING Name = *RegistryPath;
    PCWSTR Dot;

    for (USHORT i = 0; i < RegistryPath->Length / sizeof(WCHAR); i++)
        if (RegistryPath->Buffer[i] == L'\\')
            RtlInitUnicodeString(&Name, RegistryPath->Buffer + i + 1);
    Dot = wcschr(Name.Buffer, L'.');
    for (ULONG i = 0; Dot && Dot[1 + i] && i + 1 < ARRAYSIZE(Kind); i++)
        Kind[i] = Dot[1 + i];
    DriverObject->DriverUnload = Unload;
    Filters.ServiceName = Name;
    return NdisFRegisterFilterDriver(DriverObject, DriverObject, &Filters, &DriverHandle);
}
