/* SPDX-License-Identifier: MIT */
/*
 * Interface providers: drivers that offer interfaces to the system's interface table.
 */
#ifndef UNDIS_NDIS_INTERFACE_H
#define UNDIS_NDIS_INTERFACE_H

#include <ndis/common.h>

EXTERN_C_START

typedef struct _NET_IF_INFORMATION {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    NET_PHYSICAL_LOCATION PhysicalLocation;
    ULONG WanTunnelType;
    ULONG PortNumber;
    NET_IF_ACCESS_TYPE AccessType;
    NET_IF_DIRECTION_TYPE DirectionType;
    NET_IF_CONNECTION_TYPE ConnectionType;
    BOOLEAN ifConnectorPresent;
    USHORT PhysAddressLength;
    USHORT PhysAddressOffset;
    USHORT PermanentPhysAddressOffset;
    USHORT FriendlyNameLength;
    USHORT FriendlyNameOffset;
    GUID InterfaceGuid;
    NET_IF_NETWORK_GUID NetworkGuid;
    ULONG SupportedStatistics;
    NDIS_MEDIUM MediaType;
    NDIS_PHYSICAL_MEDIUM PhysicalMediumType;
} NET_IF_INFORMATION, *PNET_IF_INFORMATION;

#define NET_IF_INFORMATION_REVISION_1 1
#define NDIS_SIZEOF_NET_IF_INFORMATION_REVISION_1                                                  \
    RTL_SIZEOF_THROUGH_FIELD(NET_IF_INFORMATION, PhysicalMediumType)

typedef NDIS_STATUS(IFP_QUERY_OBJECT)(NDIS_HANDLE ProviderIfContext, NET_IF_OBJECT_ID ObjectId,
                                      PULONG pOutputBufferLength, PVOID pOutputBuffer);
typedef IFP_QUERY_OBJECT(*IFP_QUERY_OBJECT_HANDLER);
typedef NDIS_STATUS(IFP_SET_OBJECT)(NDIS_HANDLE ProviderIfContext, NET_IF_OBJECT_ID ObjectId,
                                    ULONG InputBufferLength, PVOID pInputBuffer);
typedef IFP_SET_OBJECT(*IFP_SET_OBJECT_HANDLER);

typedef struct _NDIS_IF_PROVIDER_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    IFP_QUERY_OBJECT_HANDLER QueryObjectHandler;
    IFP_SET_OBJECT_HANDLER SetObjectHandler;
    PVOID Reserved1;
    PVOID Reserved2;
} NDIS_IF_PROVIDER_CHARACTERISTICS, *PNDIS_IF_PROVIDER_CHARACTERISTICS;

#define NDIS_IF_PROVIDER_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_IF_PROVIDER_CHARACTERISTICS_REVISION_1                                         \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_IF_PROVIDER_CHARACTERISTICS, Reserved2)

NDIS_API NDIS_STATUS NdisIfRegisterProvider(
    PNDIS_IF_PROVIDER_CHARACTERISTICS ProviderCharacteristics, NDIS_HANDLE IfProviderContext,
    PNDIS_HANDLE pNdisIfProviderHandle);
NDIS_API VOID NdisIfDeregisterProvider(NDIS_HANDLE NdisProviderHandle);
NDIS_API NDIS_STATUS NdisIfAllocateNetLuidIndex(NET_IFTYPE ifType, PUINT32 pNetLuidIndex);
NDIS_API NDIS_STATUS NdisIfFreeNetLuidIndex(NET_IFTYPE ifType, UINT32 NetLuidIndex);
NDIS_API NDIS_STATUS NdisIfGetInterfaceIndexFromNetLuid(NET_LUID NetLuid, PNET_IFINDEX pIfIndex);
NDIS_API NDIS_STATUS NdisIfGetNetLuidFromInterfaceIndex(NET_IFINDEX ifIndex, PNET_LUID pNetLuid);
NDIS_API NDIS_STATUS NdisIfQueryBindingIfIndex(NDIS_HANDLE NdisBindingHandle,
                                               PNET_IFINDEX pBoundIfIndex, PNET_LUID pBoundIfNetLuid,
                                               PNET_IFINDEX pLowestIfIndex,
                                               PNET_LUID pLowestIfNetLuid);
NDIS_API NDIS_STATUS NdisIfRegisterInterface(NDIS_HANDLE NdisProviderHandle, NET_LUID NetLuid,
                                             NDIS_HANDLE ProviderIfContext,
                                             PNET_IF_INFORMATION pIfInfo, PNET_IFINDEX pfIndex);
NDIS_API NDIS_STATUS NdisIfDeregisterInterface(NET_IFINDEX ifIndex);
NDIS_API NDIS_STATUS NdisIfAddIfStackEntry(NET_IFINDEX HigherLayerIfIndex,
                                           NET_IFINDEX LowerLayerIfIndex);
NDIS_API NDIS_STATUS NdisIfDeleteIfStackEntry(NET_IFINDEX HigherLayerIfIndex,
                                              NET_IFINDEX LowerLayerIfIndex);

EXTERN_C_END

#endif
