/* SPDX-License-Identifier: MIT */
/* Lookaside lists: freed entries are kept for the next allocation, up to a depth.
 *
 * The list's structure is the driver's and must stay where it is from initialisation to deletion;
 * the entries on it are pool memory of the driver. One lock-free list per structure. An entry is
 * the driver's between allocate and free.
 */
#include "nt/gate.h"
#include "nt/pool.h"
#include <string.h>

#define DEPTH 256

static PVOID
default_allocate(POOL_TYPE type, SIZE_T size, ULONG tag, PLOOKASIDE_LIST_EX list)
{
    UNREFERENCED_PARAMETER(list);
    return ExAllocatePoolWithTag(type, size, tag);
}

static VOID
default_free(PVOID entry, PLOOKASIDE_LIST_EX list)
{
    UNREFERENCED_PARAMETER(list);
    ExFreePool(entry);
}

static PVOID
default_allocate_general(POOL_TYPE type, SIZE_T size, ULONG tag)
{
    return ExAllocatePoolWithTag(type, size, tag);
}

static VOID
default_free_general(PVOID entry)
{
    ExFreePool(entry);
}

static void
list_prepare(PGENERAL_LOOKASIDE_POOL list, POOL_TYPE type, SIZE_T size, ULONG tag)
{
    memset(list, 0, sizeof(*list));
    list->MaximumDepth = DEPTH;
    list->Depth = DEPTH;
    list->Type = type;
    list->Tag = tag;
    list->Size = (ULONG)(size < sizeof(SLIST_ENTRY) ? sizeof(SLIST_ENTRY) : size);
    InitializeListHead(&list->ListEntry);
}

/* A kept entry, or NULL. */
static PVOID
list_pop(PGENERAL_LOOKASIDE_POOL list)
{
    PVOID entry;

    InterlockedIncrement((volatile LONG *)&list->TotalAllocates);
    entry = ExpInterlockedPopEntrySList(&list->ListHead);
    if (entry == NULL)
        InterlockedIncrement((volatile LONG *)&list->AllocateMisses);
    return entry;
}

/* FALSE when the list is full: the entry has to be freed. With hooks all are, for freed memory is
 * to be seen as such. */
static BOOLEAN
list_push(PGENERAL_LOOKASIDE_POOL list, PVOID entry)
{
    InterlockedIncrement((volatile LONG *)&list->TotalFrees);
    if (gate_hooks() != NULL || ExQueryDepthSList(&list->ListHead) >= list->Depth) {
        InterlockedIncrement((volatile LONG *)&list->FreeMisses);
        return FALSE;
    }
    ExpInterlockedPushEntrySList(&list->ListHead, entry);
    return TRUE;
}

/*
 * ExInitializeLookasideListEx - a lookaside list with functions of the driver, or the pool's
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the list stays the driver's; it deletes it with ExDeleteLookasideListEx.
 * Errors:    STATUS_INVALID_PARAMETER_5 for contradicting flags.
 * Source:    NF:wdm.ExInitializeLookasideListEx
 */
NTSTATUS
ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PALLOCATE_FUNCTION_EX Allocate,
    PFREE_FUNCTION_EX Free, POOL_TYPE PoolType, ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
    ULONG type = (ULONG)PoolType;

    UNREFERENCED_PARAMETER(Depth);
    if (Flags ==
        (EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL | EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE))
        return STATUS_INVALID_PARAMETER_5;
    if (Flags & EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL)
        type |= POOL_RAISE_IF_ALLOCATION_FAILURE;
    if (Flags & EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE)
        type |= POOL_QUOTA_FAIL_INSTEAD_OF_RAISE;
    list_prepare(&Lookaside->L, (POOL_TYPE)type, Size, Tag);
    Lookaside->L.AllocateEx = Allocate != NULL ? Allocate : default_allocate;
    Lookaside->L.FreeEx = Free != NULL ? Free : default_free;
    return STATUS_SUCCESS;
}

/*
 * ExAllocateFromLookasideListEx - an entry: a kept one, else a new one
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with ExFreeToLookasideListEx.
 * Errors:    NULL when memory is short, unless the list raises.
 * Source:    NF:wdm.ExAllocateFromLookasideListEx
 */
PVOID
ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
    PVOID entry = list_pop(&Lookaside->L);

    if (entry != NULL)
        return entry;
    return Lookaside->L.AllocateEx(
        Lookaside->L.Type, Lookaside->L.Size, Lookaside->L.Tag, Lookaside);
}

/*
 * ExFreeToLookasideListEx - gives an entry back
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the entry.
 * Errors:    none.
 * Source:    NF:wdm.ExFreeToLookasideListEx
 */
VOID
ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX Lookaside, PVOID Entry)
{
    if (!list_push(&Lookaside->L, Entry))
        Lookaside->L.FreeEx(Entry, Lookaside);
}

/*
 * ExFlushLookasideListEx - frees the entries that are kept
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.ExFlushLookasideListEx
 */
VOID
ExFlushLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
    PVOID entry;

    while ((entry = ExpInterlockedPopEntrySList(&Lookaside->L.ListHead)) != NULL)
        Lookaside->L.FreeEx(entry, Lookaside);
}

/*
 * ExDeleteLookasideListEx - frees the entries that are kept; the list is no more
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the structure is the driver's to reuse.
 * Errors:    none.
 * Source:    NF:wdm.ExDeleteLookasideListEx
 */
VOID
ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX Lookaside)
{
    ExFlushLookasideListEx(Lookaside);
}

static void
general_prepare(PGENERAL_LOOKASIDE list, PALLOCATE_FUNCTION allocate, PFREE_FUNCTION free_entry,
    ULONG type, SIZE_T size, ULONG tag)
{
    list_prepare((PGENERAL_LOOKASIDE_POOL)list, (POOL_TYPE)type, size, tag);
    list->Allocate = allocate != NULL ? allocate : default_allocate_general;
    list->Free = free_entry != NULL ? free_entry : default_free_general;
}

static PVOID
general_take(PGENERAL_LOOKASIDE list)
{
    PVOID entry = list_pop((PGENERAL_LOOKASIDE_POOL)list);

    return entry != NULL ? entry : list->Allocate(list->Type, list->Size, list->Tag);
}

static void
general_give(PGENERAL_LOOKASIDE list, PVOID entry)
{
    if (!list_push((PGENERAL_LOOKASIDE_POOL)list, entry))
        list->Free(entry);
}

static void
general_empty(PGENERAL_LOOKASIDE list)
{
    PVOID entry;

    while ((entry = ExpInterlockedPopEntrySList(&list->ListHead)) != NULL)
        list->Free(entry);
}

/*
 * ExInitializeNPagedLookasideList - a lookaside list of nonpaged entries
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the list stays the driver's; it deletes it with ExDeleteNPagedLookasideList.
 * Errors:    none.
 * Source:    NF:wdm.ExInitializeNPagedLookasideList
 */
VOID
ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PALLOCATE_FUNCTION Allocate,
    PFREE_FUNCTION Free, ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
    UNREFERENCED_PARAMETER(Depth);
    general_prepare(&Lookaside->L, Allocate, Free, NonPagedPool | Flags, Size, Tag);
}

/*
 * ExAllocateFromNPagedLookasideList - an entry: a kept one, else a new one
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with ExFreeToNPagedLookasideList.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.ExAllocateFromNPagedLookasideList
 */
PVOID
ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
    return general_take(&Lookaside->L);
}

/*
 * ExFreeToNPagedLookasideList - gives an entry back
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the entry.
 * Errors:    none.
 * Source:    NF:wdm.ExFreeToNPagedLookasideList
 */
VOID
ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
    general_give(&Lookaside->L, Entry);
}

/*
 * ExDeleteNPagedLookasideList - frees the entries that are kept; the list is no more
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the structure is the driver's to reuse.
 * Errors:    none.
 * Source:    NF:wdm.ExDeleteNPagedLookasideList
 */
VOID
ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
    general_empty(&Lookaside->L);
}

/*
 * ExInitializePagedLookasideList - a lookaside list of paged entries
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the list stays the driver's; it deletes it with ExDeletePagedLookasideList.
 * Errors:    none.
 * Source:    NF:wdm.ExInitializePagedLookasideList
 */
VOID
ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside, PALLOCATE_FUNCTION Allocate,
    PFREE_FUNCTION Free, ULONG Flags, SIZE_T Size, ULONG Tag, USHORT Depth)
{
    UNREFERENCED_PARAMETER(Depth);
    general_prepare(&Lookaside->L, Allocate, Free, PagedPool | Flags, Size, Tag);
}

/*
 * ExAllocateFromPagedLookasideList - an entry: a kept one, else a new one
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller frees it with ExFreeToPagedLookasideList.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.ExAllocateFromPagedLookasideList
 */
PVOID
ExAllocateFromPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside)
{
    return general_take(&Lookaside->L);
}

/*
 * ExFreeToPagedLookasideList - gives an entry back
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: takes the entry.
 * Errors:    none.
 * Source:    NF:wdm.ExFreeToPagedLookasideList
 */
VOID
ExFreeToPagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
    general_give(&Lookaside->L, Entry);
}

/*
 * ExDeletePagedLookasideList - frees the entries that are kept; the list is no more
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the structure is the driver's to reuse.
 * Errors:    none.
 * Source:    NF:wdm.ExDeletePagedLookasideList
 */
VOID
ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST Lookaside)
{
    general_empty(&Lookaside->L);
}
