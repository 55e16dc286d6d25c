/* SPDX-License-Identifier: MIT */
/* Headers of frames and packets on the wire. All multi-byte fields are in network order. */
#pragma once

#include "ws2ipdef.h"

#define ETHERTYPE_IPV4          0x0800
#define ETHERNET_TYPE_MINIMUM   0x0600
#define ETHERNET_TYPE_IPV4      0x0800
#define ETHERNET_TYPE_ARP       0x0806
#define ETHERNET_TYPE_RARP      0x8035
#define ETHERNET_TYPE_802_1Q    0x8100
#define ETHERNET_TYPE_IPV6      0x86dd
#define ETHERNET_TYPE_802_1X    0x888e
#define ETHERNET_TYPE_802_1AD   0x88a8
#define ETHERNET_802_1Q         0x8100
#define ARP_HW_ENET             1
#define ARP_HW_802              6
#define IPV4_VERSION            4
#define IPV6_VERSION            6
#define TH_FIN                  0x01
#define TH_SYN                  0x02
#define TH_RST                  0x04
#define TH_PSH                  0x08
#define TH_ACK                  0x10
#define TH_URG                  0x20

#pragma pack(push, 1)

typedef union _DL_OUI {
    UCHAR Byte[3];
} DL_OUI, *PDL_OUI;
typedef union _DL_EI48 {
    UCHAR Byte[3];
} DL_EI48, *PDL_EI48;
typedef union _DL_EUI48 {
    UCHAR Byte[6];
    struct {
        DL_OUI Oui;
        DL_EI48 Ei48;
    };
} DL_EUI48, *PDL_EUI48;

typedef struct _ETHERNET_HEADER {
    DL_EUI48 Destination;
    DL_EUI48 Source;
    union {
        USHORT Type;
        USHORT Length;
    };
} ETHERNET_HEADER, *PETHERNET_HEADER;

typedef struct _VLAN_TAG {
    union {
        USHORT Tag;
        struct {
            USHORT VID : 12;
            USHORT CFI : 1;
            USHORT User_Priority : 3;
        };
    };
    USHORT Type;
} VLAN_TAG, *PVLAN_TAG;

typedef struct _SNAP_HEADER {
    UCHAR Dsap;
    UCHAR Ssap;
    UCHAR Control;
    UCHAR Oui[3];
    USHORT Type;
} SNAP_HEADER, *PSNAP_HEADER;

typedef struct _ARP_HEADER {
    USHORT HardwareAddressSpace;
    USHORT ProtocolAddressSpace;
    UCHAR HardwareAddressLength;
    UCHAR ProtocolAddressLength;
    USHORT Opcode;
    UCHAR SenderHardwareAddress[];
} ARP_HEADER, *PARP_HEADER;
typedef enum _ARP_OPCODE { ARP_REQUEST = 1, ARP_RESPONSE = 2 } ARP_OPCODE;

typedef struct _IPV4_HEADER {
    union {
        UCHAR VersionAndHeaderLength;
        struct {
            UCHAR HeaderLength : 4;
            UCHAR Version : 4;
        };
    };
    union {
        UCHAR TypeOfServiceAndEcnField;
        struct {
            UCHAR EcnField : 2;
            UCHAR TypeOfService : 6;
        };
    };
    USHORT TotalLength;
    USHORT Identification;
    union {
        USHORT FlagsAndOffset;
        struct {
            USHORT DontUse1 : 5;
            USHORT MoreFragments : 1;
            USHORT DontFragment : 1;
            USHORT Reserved : 1;
            USHORT DontUse2 : 8;
        };
    };
    UCHAR TimeToLive;
    UCHAR Protocol;
    USHORT HeaderChecksum;
    IN_ADDR SourceAddress;
    IN_ADDR DestinationAddress;
} IPV4_HEADER, *PIPV4_HEADER;

typedef struct _IPV6_HEADER {
    union {
        ULONG VersionClassFlow;
        struct {
            UCHAR ClassHigh_ : 4;
            UCHAR Version : 4;
            UCHAR ClassAndFlow_[3];
        };
    };
    USHORT PayloadLength;
    UCHAR NextHeader;
    UCHAR HopLimit;
    IN6_ADDR SourceAddress;
    IN6_ADDR DestinationAddress;
} IPV6_HEADER, *PIPV6_HEADER;

typedef struct _TCP_HDR {
    USHORT th_sport;
    USHORT th_dport;
    ULONG th_seq;
    ULONG th_ack;
    UCHAR th_x2 : 4;
    UCHAR th_len : 4;
    UCHAR th_flags;
    USHORT th_win;
    USHORT th_sum;
    USHORT th_urp;
} TCP_HDR;

typedef struct _UDP_HDR {
    USHORT uh_sport;
    USHORT uh_dport;
    USHORT uh_ulen;
    USHORT uh_sum;
} UDP_HDR;

typedef struct _ICMP_HEADER {
    UCHAR Type;
    UCHAR Code;
    USHORT Checksum;
} ICMP_HEADER, *PICMP_HEADER, ICMPV4_HEADER, *PICMPV4_HEADER, ICMPV6_HEADER, *PICMPV6_HEADER;

#pragma pack(pop)
