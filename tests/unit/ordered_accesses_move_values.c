/* SPDX-License-Identifier: MIT */
/* Ordered loads and stores move whole values of every width, and nothing beside them. */
#include "nt.h"

#include <string.h>

#define BEFORE 0xA5

#define CHECK_PAIR(T, write, read, value)                                                          \
    do {                                                                                           \
        struct {                                                                                   \
            UCHAR before[8];                                                                       \
            T it;                                                                                  \
            UCHAR after[8];                                                                        \
        } at;                                                                                      \
        memset(&at, BEFORE, sizeof(at));                                                           \
        write(&at.it, (T)(value));                                                                 \
        CHECK(read(&at.it) == (T)(value) && at.it == (T)(value));                                  \
        CHECK(at.before[7] == BEFORE && at.after[0] == BEFORE);                                    \
    } while (0)

static void
signed_values(void)
{
    CHECK_PAIR(LONG, WriteRelease, ReadAcquire, -5);
    CHECK_PAIR(LONG, WriteNoFence, ReadNoFence, -6);
    CHECK_PAIR(LONG, WriteRaw, ReadRaw, -7);
    CHECK_PAIR(CHAR, WriteRelease8, ReadAcquire8, -8);
    CHECK_PAIR(SHORT, WriteNoFence16, ReadNoFence16, -9);
    CHECK_PAIR(LONG64, WriteNoFence64, ReadNoFence64, -(1ll << 40));
    CHECK_PAIR(LONG64, WriteRaw64, ReadAcquire64, 1ll << 41);
}

static void
unsigned_values(void *pointer)
{
    CHECK_PAIR(BOOLEAN, WriteBooleanRelease, ReadBooleanAcquire, TRUE);
    CHECK_PAIR(BOOLEAN, WriteBooleanNoFence, ReadBooleanNoFence, TRUE);
    CHECK_PAIR(UCHAR, WriteUCharNoFence, ReadUCharNoFence, 0xFE);
    CHECK_PAIR(USHORT, WriteUShortRelease, ReadUShortAcquire, 0xFEDC);
    CHECK_PAIR(ULONG, WriteULongRelease, ReadULongAcquire, 0xFEDCBA98);
    CHECK_PAIR(ULONG, WriteULongNoFence, ReadULongNoFence, 0xFEDCBA97);
    CHECK_PAIR(UINT32, WriteUInt32Release, ReadUInt32Acquire, 0xFEDCBA96);
    CHECK_PAIR(UINT32, WriteUInt32NoFence, ReadUInt32NoFence, 0xFEDCBA95);
    CHECK_PAIR(ULONG64, WriteULong64NoFence, ReadULong64NoFence, 0xFEDCBA9876543211);
    CHECK_PAIR(PVOID, WritePointerRelease, ReadPointerAcquire, pointer);
    CHECK_PAIR(PVOID, WritePointerNoFence, ReadPointerNoFence, pointer);
}

static void
test(void *machine)
{
    signed_values();
    unsigned_values(machine);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
