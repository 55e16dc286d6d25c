/* SPDX-License-Identifier: MIT */
/*
 * capture: a monitoring filter that copies every frame into a store, and a device to read it from.
 *
 *     module, module ... --Put--> | chunk | chunk | chunk | --IRP_MJ_READ--> undis/capture.h
 *
 * The store grows by chunks (one allocation per chunk, not per frame) up to the keyword
  * MaximumMemory; what finds no room is counted and announced in the stream. One store per driver.
 * News is set by the first record after a read that found nothing, so a reader misses none.
 */
#pragma once

#define NDIS630 1

#include <ndis.h>
#include <undis/capture.h>

#define TAG        'tpaC'
#define CHUNK_SIZE (256u * 1024u)

typedef struct _CHUNK {
    struct _CHUNK *Next;
    ULONG Used, Read; /* bytes of Data */
    DECLSPEC_ALIGN(8) UCHAR Data[CHUNK_SIZE];
} CHUNK;

typedef struct _STORE {
    NDIS_SPIN_LOCK Lock; /* guards everything here */
    CHUNK *First, *Last, *Spare;
    ULONG Chunks, MaximumChunks;
    ULONG64 Lost; /* not yet announced */
    ULONG LostInterface;
    ULONG Interfaces; /* numbers given */
    BOOLEAN Told;     /* News was set since the last read that found nothing */
    KEVENT News;      /* has its own lock; a waiting reader goes on, one at a time */
} STORE;

typedef struct _MODULE {
    NDIS_HANDLE Handle;
    ULONG Interface;
} MODULE;

extern STORE Store;
extern NDIS_HANDLE FilterDriverHandle;

/* store.c */
VOID StoreInitialize(VOID);
VOID StoreFree(VOID);
VOID StoreLimit(ULONG Bytes);
ULONG StoreInterface(PCUNICODE_STRING Name, NDIS_MEDIUM Medium);
VOID StoreFrame(ULONG Interface, USHORT Direction, PNET_BUFFER Nb);
/* Whole records into @Buffer; *@Done says how many bytes. */
NTSTATUS StoreRead(PUCHAR Buffer, ULONG Size, ULONG_PTR *Done);

/* device.c */
NDIS_STATUS DeviceCreate(PDRIVER_OBJECT DriverObject);
VOID DeviceDelete(VOID);
