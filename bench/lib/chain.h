/* SPDX-License-Identifier: MIT */
/* NBLs on their way from one processor to another. At DISPATCH_LEVEL. */
#pragma once

#include <ndis.h>

/* A chain that one side appends to and the other takes whole. */
struct chain {
    KSPIN_LOCK lock;
    PNET_BUFFER_LIST first, last;
};

void chain_put(struct chain *chain, PNET_BUFFER_LIST first);
/* Up to @most from the front. */
PNET_BUFFER_LIST chain_take(struct chain *chain, unsigned most);
