/* SPDX-License-Identifier: MIT */
/* Internet addresses of sockets, as far as they occur in the kernel. */
#pragma once

#include "ws2def.h"
#include "in6addr.h"

typedef struct sockaddr_in6 {
    ADDRESS_FAMILY sin6_family;
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    IN6_ADDR sin6_addr;
    union {
        ULONG sin6_scope_id;
        SCOPE_ID sin6_scope_struct;
    };
} SOCKADDR_IN6_LH, *PSOCKADDR_IN6_LH, SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

typedef union _SOCKADDR_INET {
    SOCKADDR_IN Ipv4;
    SOCKADDR_IN6 Ipv6;
    ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;

typedef struct _sockaddr_in6_pair {
    PSOCKADDR_IN6 SourceAddress;
    PSOCKADDR_IN6 DestinationAddress;
} SOCKADDR_IN6_PAIR, *PSOCKADDR_IN6_PAIR;

#define IN6_ADDR_EQUAL(a, b)     (memcmp((a), (b), sizeof(IN6_ADDR)) == 0)
#define IN6_ARE_ADDR_EQUAL(a, b) IN6_ADDR_EQUAL(a, b)
#define IN4_ADDR_EQUAL(a, b)     ((a)->s_addr == (b)->s_addr)
#define IN4_IS_ADDR_UNSPECIFIED(a) ((a)->s_addr == 0)
#define IN4_IS_ADDR_LOOPBACK(a)  (((const UCHAR *)(a))[0] == 127)
#define IN4_IS_ADDR_BROADCAST(a) ((a)->s_addr == INADDR_BROADCAST)
#define IN4_IS_ADDR_MULTICAST(a) ((((const UCHAR *)(a))[0] & 0xf0) == 0xe0)
#define IN4_IS_ADDR_LINKLOCAL(a) (((const UCHAR *)(a))[0] == 169 && ((const UCHAR *)(a))[1] == 254)
#define IN6_IS_ADDR_MULTICAST(a) ((a)->s6_bytes[0] == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(a) ((a)->s6_bytes[0] == 0xfe && ((a)->s6_bytes[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_SITELOCAL(a) ((a)->s6_bytes[0] == 0xfe && ((a)->s6_bytes[1] & 0xc0) == 0xc0)

NT_INLINE BOOLEAN
IN6_IS_ADDR_UNSPECIFIED(const IN6_ADDR *a)
{
    ULONG i;

    for (i = 0; i < 8; i++) {
        if (a->s6_words[i] != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

NT_INLINE BOOLEAN
IN6_IS_ADDR_LOOPBACK(const IN6_ADDR *a)
{
    ULONG i;

    for (i = 0; i < 7; i++) {
        if (a->s6_words[i] != 0) {
            return FALSE;
        }
    }
    return (BOOLEAN)(a->s6_words[7] == 0x0100);
}
