/* SPDX-License-Identifier: MIT */
/* Addresses of sockets, as far as they occur in the kernel. */
#pragma once

#include "inaddr.h"

typedef USHORT ADDRESS_FAMILY;

#define AF_UNSPEC        0
#define AF_UNIX          1
#define AF_INET          2
#define AF_IMPLINK       3
#define AF_PUP           4
#define AF_CHAOS         5
#define AF_NS            6
#define AF_ISO           7
#define AF_ECMA          8
#define AF_DATAKIT       9
#define AF_CCITT         10
#define AF_SNA           11
#define AF_DECnet        12
#define AF_DLI           13
#define AF_LAT           14
#define AF_HYLINK        15
#define AF_APPLETALK     16
#define AF_NETBIOS       17
#define AF_VOICEVIEW     18
#define AF_FIREFOX       19
#define AF_UNKNOWN1      20
#define AF_BAN           21
#define AF_ATM           22
#define AF_INET6         23
#define AF_CLUSTER       24
#define AF_12844         25
#define AF_IRDA          26
#define AF_NETDES        28
#define AF_TCNPROCESS    29
#define AF_TCNMESSAGE    30
#define AF_ICLFXBM       31
#define AF_BTH           32
#define AF_LINK          33
#define AF_HYPERV        34
#define AF_MAX           35
#define AF_IPX           AF_NS
#define AF_OSI           AF_ISO

#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define SOCK_RAW       3
#define SOCK_RDM       4
#define SOCK_SEQPACKET 5

typedef enum {
    IPPROTO_HOPOPTS = 0,
    IPPROTO_ICMP = 1,
    IPPROTO_IGMP = 2,
    IPPROTO_GGP = 3,
    IPPROTO_IPV4 = 4,
    IPPROTO_ST = 5,
    IPPROTO_TCP = 6,
    IPPROTO_CBT = 7,
    IPPROTO_EGP = 8,
    IPPROTO_IGP = 9,
    IPPROTO_PUP = 12,
    IPPROTO_UDP = 17,
    IPPROTO_IDP = 22,
    IPPROTO_RDP = 27,
    IPPROTO_IPV6 = 41,
    IPPROTO_ROUTING = 43,
    IPPROTO_FRAGMENT = 44,
    IPPROTO_ESP = 50,
    IPPROTO_AH = 51,
    IPPROTO_ICMPV6 = 58,
    IPPROTO_NONE = 59,
    IPPROTO_DSTOPTS = 60,
    IPPROTO_ND = 77,
    IPPROTO_ICLFXBM = 78,
    IPPROTO_PIM = 103,
    IPPROTO_PGM = 113,
    IPPROTO_L2TP = 115,
    IPPROTO_SCTP = 132,
    IPPROTO_RAW = 255,
    IPPROTO_MAX = 256,
    IPPROTO_RESERVED_RAW = 257,
    IPPROTO_RESERVED_IPSEC = 258,
    IPPROTO_RESERVED_IPSECOFFLOAD = 259,
    IPPROTO_RESERVED_MAX = 260
} IPPROTO, *PIPROTO;
#define IPPROTO_IP 0

#define INADDR_ANY       ((ULONG)0x00000000)
#define INADDR_LOOPBACK  0x7f000001
#define INADDR_BROADCAST ((ULONG)0xffffffff)
#define INADDR_NONE      0xffffffff
#define IN_CLASSA(i)     (((LONG)(i) & 0x80000000) == 0)
#define IN_CLASSB(i)     (((LONG)(i) & 0xc0000000) == 0x80000000)
#define IN_CLASSC(i)     (((LONG)(i) & 0xe0000000) == 0xc0000000)
#define IN_CLASSD(i)     (((LONG)(i) & 0xf0000000) == 0xe0000000)
#define IN_MULTICAST(i)  IN_CLASSD(i)

typedef struct sockaddr {
    ADDRESS_FAMILY sa_family;
    CHAR sa_data[14];
} SOCKADDR, *PSOCKADDR, *LPSOCKADDR;

typedef struct sockaddr_in {
    ADDRESS_FAMILY sin_family;
    USHORT sin_port;
    IN_ADDR sin_addr;
    CHAR sin_zero[8];
} SOCKADDR_IN, *PSOCKADDR_IN;

typedef struct sockaddr_storage {
    ADDRESS_FAMILY ss_family;
    CHAR __ss_pad1[6];
    INT64 __ss_align;
    CHAR __ss_pad2[112];
} SOCKADDR_STORAGE_LH, *PSOCKADDR_STORAGE_LH, SOCKADDR_STORAGE, *PSOCKADDR_STORAGE,
    *LPSOCKADDR_STORAGE;

typedef struct _SOCKET_ADDRESS {
    LPSOCKADDR lpSockaddr;
    INT iSockaddrLength;
} SOCKET_ADDRESS, *PSOCKET_ADDRESS, *LPSOCKET_ADDRESS;

typedef struct _SOCKET_ADDRESS_LIST {
    INT iAddressCount;
    SOCKET_ADDRESS Address[1];
} SOCKET_ADDRESS_LIST, *PSOCKET_ADDRESS_LIST;

typedef struct _WSABUF {
    ULONG len;
    CHAR *buf;
} WSABUF, *LPWSABUF;

typedef struct {
    union {
        struct {
            ULONG Zone : 28;
            ULONG Level : 4;
        };
        ULONG Value;
    };
} SCOPE_ID, *PSCOPE_ID;
#define SCOPEID_UNSPECIFIED_INIT {{{0}}}
