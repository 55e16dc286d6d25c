/* SPDX-License-Identifier: MIT */
/* Chains with a link that leads nowhere: to no memory, to what is free, back to itself. */
#pragma once

#define WILD     ((PVOID)0x6B6B6B6B6B6B6B60) /* no address at all */
#define UNMAPPED ((PVOID)0x10000)            /* one where nothing is */

/* Memory that is free, for as long as it rests. */
static inline PVOID
FreedMemory(VOID)
{
    PVOID Memory = ExAllocatePoolWithTag(NonPagedPoolNx, FRAME, TAG);

    ExFreePoolWithTag(Memory, TAG);
    return Memory;
}

static inline PMDL
FreedMdl(PMDL Like)
{
    PMDL Mdl = IoAllocateMdl(Like->MappedSystemVa, Like->ByteCount, FALSE, FALSE, NULL);

    IoFreeMdl(Mdl);
    return Mdl;
}

static inline VOID
BreakNetBuffers(PNET_BUFFER_LIST Nbl)
{
    static NET_BUFFER Private;
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);

    if (LINKS(nbl_from_pool__nb_wild))
        NET_BUFFER_LIST_FIRST_NB(Nbl) = WILD;
    if (LINKS(nbl_from_pool__nb_unmapped))
        NET_BUFFER_LIST_FIRST_NB(Nbl) = UNMAPPED;
    if (LINKS(nbl_from_pool__nb_private)) {
        Private = *Nb;
        NET_BUFFER_LIST_FIRST_NB(Nbl) = &Private;
    }
    if (LINKS(nbl_from_pool__nb_mdl))
        NET_BUFFER_LIST_FIRST_NB(Nbl) = (PNET_BUFFER)NET_BUFFER_FIRST_MDL(Nb);
    if (LINKS(nbl_from_pool__nb_freed))
        NET_BUFFER_LIST_FIRST_NB(Nbl) = FreedMemory();
    if (LINKS(nbl_from_pool__nb_next_wild))
        NET_BUFFER_NEXT_NB(Nb) = WILD;
    if (LINKS(nbl_chain_acyclic__nb_loop))
        NET_BUFFER_NEXT_NB(Nb) = Nb;
}

static inline VOID
BreakMdls(PNET_BUFFER Nb)
{
    PMDL Mdl = NET_BUFFER_FIRST_MDL(Nb);

    if (LINKS(nbl_chain_acyclic__mdl_wild))
        NET_BUFFER_FIRST_MDL(Nb) = WILD;
    if (LINKS(nbl_chain_acyclic__mdl_unmapped))
        NET_BUFFER_FIRST_MDL(Nb) = UNMAPPED;
    if (LINKS(nbl_chain_acyclic__mdl_memory_freed))
        NET_BUFFER_FIRST_MDL(Nb) = FreedMemory();
    if (LINKS(mm_use_after_free__mdl_freed))
        Mdl->Next = FreedMdl(Mdl);
    if (LINKS(nbl_chain_acyclic__mdl_next_wild))
        Mdl->Next = WILD;
    if (LINKS(nbl_chain_acyclic__mdl_loop))
        Mdl->Next = Mdl;
    if (LINKS(nbl_offsets_consistent__current_wild))
        NET_BUFFER_CURRENT_MDL(Nb) = WILD;
    if (LINKS(nbl_offsets_consistent__current_null))
        NET_BUFFER_CURRENT_MDL(Nb) = NULL;
    if (LINKS(nbl_mdl_size_va__long))
        Mdl->ByteCount = 0x7FFFFFFF;
    if (LINKS(mm_use_after_free__data_freed))
        Mdl->MappedSystemVa = FreedMemory();
}

/* One of these, if it is to. */
static inline VOID
BreakLinks(PNET_BUFFER_LIST Chain)
{
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Chain);

    if (Nb == NULL)
        return;
    if (LINKS(nbl_from_pool__next_wild))
        NET_BUFFER_LIST_NEXT_NBL(Chain) = WILD;
    if (LINKS(nbl_from_pool__next_unmapped))
        NET_BUFFER_LIST_NEXT_NBL(Chain) = UNMAPPED;
    if (LINKS(nbl_from_pool__next_data))
        NET_BUFFER_LIST_NEXT_NBL(Chain) = NET_BUFFER_FIRST_MDL(Nb)->MappedSystemVa;
    if (LINKS(nbl_from_pool__next_nb))
        NET_BUFFER_LIST_NEXT_NBL(Chain) = (PNET_BUFFER_LIST)Nb;
    if (LINKS(nbl_chain_acyclic__next))
        NET_BUFFER_LIST_NEXT_NBL(Chain) = Chain;
    BreakMdls(Nb);
    BreakNetBuffers(Chain);
}
