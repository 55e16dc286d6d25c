/* SPDX-License-Identifier: MIT */
/*
 * What the OIDs of native IEEE 802.11 carry that name operations and the MIB of a station.
 */
#ifndef UNDIS_NDIS_DOT11MIB_H
#define UNDIS_NDIS_DOT11MIB_H

#include <ndis/dot11constants.h>
#include <wlantypes.h>

typedef UCHAR DOT11_MAC_ADDRESS[6];
typedef DOT11_MAC_ADDRESS *PDOT11_MAC_ADDRESS;

typedef struct DOT11_BSSID_LIST {
    NDIS_OBJECT_HEADER Header;
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_MAC_ADDRESS BSSIDs[1];
} DOT11_BSSID_LIST, *PDOT11_BSSID_LIST;

typedef enum _DOT11_PHY_TYPE {
    dot11_phy_type_unknown = 0,
    dot11_phy_type_any = 0,
    dot11_phy_type_fhss = 1,
    dot11_phy_type_dsss = 2,
    dot11_phy_type_irbaseband = 3,
    dot11_phy_type_ofdm = 4,
    dot11_phy_type_hrdsss = 5,
    dot11_phy_type_erp = 6,
    dot11_phy_type_ht = 7,
    dot11_phy_type_vht = 8,
    dot11_phy_type_dmg = 9,
    dot11_phy_type_he = 10,
    dot11_phy_type_eht = 11,
    dot11_phy_type_IHV_start = (int)0x80000000,
    dot11_phy_type_IHV_end = (int)0xffffffff
} DOT11_PHY_TYPE,
    *PDOT11_PHY_TYPE;

typedef struct _DOT11_RATE_SET {
    ULONG uRateSetLength;
    UCHAR ucRateSet[DOT11_RATE_SET_MAX_LENGTH];
} DOT11_RATE_SET, *PDOT11_RATE_SET;

typedef UCHAR DOT11_COUNTRY_OR_REGION_STRING[3];
typedef DOT11_COUNTRY_OR_REGION_STRING *PDOT11_COUNTRY_OR_REGION_STRING;

typedef struct _DOT11_OFFLOAD_CAPABILITY {
    ULONG uReserved;
    ULONG uFlags;
    ULONG uSupportedWEPAlgorithms;
    ULONG uNumOfReplayWindows;
    ULONG uMaxWEPKeyMappingLength;
    ULONG uSupportedAuthAlgorithms;
    ULONG uMaxAuthKeyMappingLength;
} DOT11_OFFLOAD_CAPABILITY, *PDOT11_OFFLOAD_CAPABILITY;

typedef struct _DOT11_CURRENT_OFFLOAD_CAPABILITY {
    ULONG uReserved;
    ULONG uFlags;
} DOT11_CURRENT_OFFLOAD_CAPABILITY, *PDOT11_CURRENT_OFFLOAD_CAPABILITY;

typedef enum _DOT11_OFFLOAD_TYPE {
    dot11_offload_type_wep = 1,
    dot11_offload_type_auth = 2
} DOT11_OFFLOAD_TYPE,
    *PDOT11_OFFLOAD_TYPE;

typedef struct _DOT11_IV48_COUNTER {
    ULONG uIV32Counter;
    USHORT usIV16Counter;
} DOT11_IV48_COUNTER, *PDOT11_IV48_COUNTER;

typedef struct _DOT11_WEP_OFFLOAD {
    ULONG uReserved;
    HANDLE hOffloadContext;
    HANDLE hOffload;
    DOT11_OFFLOAD_TYPE dot11OffloadType;
    ULONG dwAlgorithm;
    BOOLEAN bRowIsOutbound;
    BOOLEAN bUseDefault;
    ULONG uFlags;
    UCHAR ucMacAddress[6];
    ULONG uNumOfRWsOnPeer;
    ULONG uNumOfRWsOnMe;
    DOT11_IV48_COUNTER dot11IV48Counters[16];
    USHORT usDot11RWBitMaps[16];
    USHORT usKeyLength;
    UCHAR ucKey[1];
} DOT11_WEP_OFFLOAD, *PDOT11_WEP_OFFLOAD;

typedef struct _DOT11_WEP_UPLOAD {
    ULONG uReserved;
    DOT11_OFFLOAD_TYPE dot11OffloadType;
    HANDLE hOffload;
    ULONG uNumOfRWsUsed;
    DOT11_IV48_COUNTER dot11IV48Counters[16];
    USHORT usDot11RWBitMaps[16];
} DOT11_WEP_UPLOAD, *PDOT11_WEP_UPLOAD;

typedef enum _DOT11_KEY_DIRECTION {
    dot11_key_direction_both = 1,
    dot11_key_direction_inbound = 2,
    dot11_key_direction_outbound = 3
} DOT11_KEY_DIRECTION,
    *PDOT11_KEY_DIRECTION;

typedef struct _DOT11_DEFAULT_WEP_OFFLOAD {
    ULONG uReserved;
    HANDLE hOffloadContext;
    HANDLE hOffload;
    ULONG dwIndex;
    DOT11_OFFLOAD_TYPE dot11OffloadType;
    ULONG dwAlgorithm;
    ULONG uFlags;
    DOT11_KEY_DIRECTION dot11KeyDirection;
    UCHAR ucMacAddress[6];
    ULONG uNumOfRWsOnMe;
    DOT11_IV48_COUNTER dot11IV48Counters[16];
    USHORT usDot11RWBitMaps[16];
    USHORT usKeyLength;
    UCHAR ucKey[1];
} DOT11_DEFAULT_WEP_OFFLOAD, *PDOT11_DEFAULT_WEP_OFFLOAD;

typedef struct _DOT11_DEFAULT_WEP_UPLOAD {
    ULONG uReserved;
    DOT11_OFFLOAD_TYPE dot11OffloadType;
    HANDLE hOffload;
    ULONG uNumOfRWsUsed;
    DOT11_IV48_COUNTER dot11IV48Counters[16];
    USHORT usDot11RWBitMaps[16];
} DOT11_DEFAULT_WEP_UPLOAD, *PDOT11_DEFAULT_WEP_UPLOAD;

typedef struct _DOT11_OPERATION_MODE_CAPABILITY {
    ULONG uReserved;
    ULONG uMajorVersion;
    ULONG uMinorVersion;
    ULONG uNumOfTXBuffers;
    ULONG uNumOfRXBuffers;
    ULONG uOpModeCapability;
} DOT11_OPERATION_MODE_CAPABILITY, *PDOT11_OPERATION_MODE_CAPABILITY;

typedef struct _DOT11_CURRENT_OPERATION_MODE {
    ULONG uReserved;
    ULONG uCurrentOpMode;
} DOT11_CURRENT_OPERATION_MODE, *PDOT11_CURRENT_OPERATION_MODE;

typedef enum _DOT11_SCAN_TYPE {
    dot11_scan_type_active = 1,
    dot11_scan_type_passive = 2,
    dot11_scan_type_auto = 3,
    dot11_scan_type_forced = (int)0x80000000
} DOT11_SCAN_TYPE,
    *PDOT11_SCAN_TYPE;

typedef struct _DOT11_SCAN_REQUEST {
    DOT11_BSS_TYPE dot11BSSType;
    DOT11_MAC_ADDRESS dot11BSSID;
    DOT11_SSID dot11SSID;
    DOT11_SCAN_TYPE dot11ScanType;
    BOOLEAN bRestrictedScan;
    BOOLEAN bUseRequestIE;
    ULONG uRequestIDsOffset;
    ULONG uNumOfRequestIDs;
    ULONG uPhyTypesOffset;
    ULONG uNumOfPhyTypes;
    ULONG uIEsOffset;
    ULONG uIEsLength;
    UCHAR ucBuffer[1];
} DOT11_SCAN_REQUEST, *PDOT11_SCAN_REQUEST;

typedef enum _CH_DESCRIPTION_TYPE {
    ch_description_type_logical = 1,
    ch_description_type_center_frequency = 2,
    ch_description_type_phy_specific = 3
} CH_DESCRIPTION_TYPE,
    *PCH_DESCRIPTION_TYPE;

typedef struct _DOT11_PHY_TYPE_INFO {
    DOT11_PHY_TYPE dot11PhyType;
    BOOLEAN bUseParameters;
    ULONG uProbeDelay;
    ULONG uMinChannelTime;
    ULONG uMaxChannelTime;
    CH_DESCRIPTION_TYPE ChDescriptionType;
    ULONG uChannelListSize;
    UCHAR ucChannelListBuffer[1];
} DOT11_PHY_TYPE_INFO, *PDOT11_PHY_TYPE_INFO;

typedef struct _DOT11_SCAN_REQUEST_V2 {
    DOT11_BSS_TYPE dot11BSSType;
    DOT11_MAC_ADDRESS dot11BSSID;
    DOT11_SCAN_TYPE dot11ScanType;
    BOOLEAN bRestrictedScan;
    ULONG udot11SSIDsOffset;
    ULONG uNumOfdot11SSIDs;
    BOOLEAN bUseRequestIE;
    ULONG uRequestIDsOffset;
    ULONG uNumOfRequestIDs;
    ULONG uPhyTypeInfosOffset;
    ULONG uNumOfPhyTypeInfos;
    ULONG uIEsOffset;
    ULONG uIEsLength;
    UCHAR ucBuffer[1];
} DOT11_SCAN_REQUEST_V2, *PDOT11_SCAN_REQUEST_V2;

typedef struct DOT11_PHY_TYPE_LIST {
    NDIS_OBJECT_HEADER Header;
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_PHY_TYPE dot11PhyType[1];
} DOT11_PHY_TYPE_LIST, *PDOT11_PHY_TYPE_LIST;

typedef struct _DOT11_BSS_DESCRIPTION {
    ULONG uReserved;
    DOT11_MAC_ADDRESS dot11BSSID;
    DOT11_BSS_TYPE dot11BSSType;
    USHORT usBeaconPeriod;
    ULONGLONG ullTimestamp;
    USHORT usCapabilityInformation;
    ULONG uBufferLength;
    UCHAR ucBuffer[1];
} DOT11_BSS_DESCRIPTION, *PDOT11_BSS_DESCRIPTION;

typedef struct _DOT11_JOIN_REQUEST {
    ULONG uJoinFailureTimeout;
    DOT11_RATE_SET OperationalRateSet;
    ULONG uChCenterFrequency;
    DOT11_BSS_DESCRIPTION dot11BSSDescription;
} DOT11_JOIN_REQUEST, *PDOT11_JOIN_REQUEST;

typedef struct _DOT11_START_REQUEST {
    ULONG uStartFailureTimeout;
    DOT11_RATE_SET OperationalRateSet;
    ULONG uChCenterFrequency;
    DOT11_BSS_DESCRIPTION dot11BSSDescription;
} DOT11_START_REQUEST, *PDOT11_START_REQUEST;

typedef enum _DOT11_UPDATE_IE_OP {
    dot11_update_ie_op_create_replace = 1,
    dot11_update_ie_op_delete = 2
} DOT11_UPDATE_IE_OP,
    *PDOT11_UPDATE_IE_OP;

typedef struct _DOT11_UPDATE_IE {
    DOT11_UPDATE_IE_OP dot11UpdateIEOp;
    ULONG uBufferLength;
    UCHAR ucBuffer[1];
} DOT11_UPDATE_IE, *PDOT11_UPDATE_IE;

typedef enum _DOT11_RESET_TYPE {
    dot11_reset_type_phy = 1,
    dot11_reset_type_mac = 2,
    dot11_reset_type_phy_and_mac = 3
} DOT11_RESET_TYPE,
    *PDOT11_RESET_TYPE;

typedef struct _DOT11_RESET_REQUEST {
    DOT11_RESET_TYPE dot11ResetType;
    DOT11_MAC_ADDRESS dot11MacAddress;
    BOOLEAN bSetDefaultMIB;
} DOT11_RESET_REQUEST, *PDOT11_RESET_REQUEST;

typedef struct _DOT11_OPTIONAL_CAPABILITY {
    ULONG uReserved;
    BOOLEAN bDot11PCF;
    BOOLEAN bDot11PCFMPDUTransferToPC;
    BOOLEAN bStrictlyOrderedServiceClass;
} DOT11_OPTIONAL_CAPABILITY, *PDOT11_OPTIONAL_CAPABILITY;

typedef struct _DOT11_CURRENT_OPTIONAL_CAPABILITY {
    ULONG uReserved;
    BOOLEAN bDot11CFPollable;
    BOOLEAN bDot11PCF;
    BOOLEAN bDot11PCFMPDUTransferToPC;
    BOOLEAN bStrictlyOrderedServiceClass;
} DOT11_CURRENT_OPTIONAL_CAPABILITY, *PDOT11_CURRENT_OPTIONAL_CAPABILITY;

typedef enum _DOT11_POWER_MODE {
    dot11_power_mode_unknown = 0,
    dot11_power_mode_active = 1,
    dot11_power_mode_powersave = 2
} DOT11_POWER_MODE,
    *PDOT11_POWER_MODE;

typedef struct _DOT11_POWER_MGMT_MODE {
    DOT11_POWER_MODE dot11PowerMode;
    ULONG uPowerSaveLevel;
    USHORT usListenInterval;
    USHORT usAID;
    BOOLEAN bReceiveDTIMs;
} DOT11_POWER_MGMT_MODE, *PDOT11_POWER_MGMT_MODE;

typedef struct _DOT11_COUNTERS_ENTRY {
    ULONG uTransmittedFragmentCount;
    ULONG uMulticastTransmittedFrameCount;
    ULONG uFailedCount;
    ULONG uRetryCount;
    ULONG uMultipleRetryCount;
    ULONG uFrameDuplicateCount;
    ULONG uRTSSuccessCount;
    ULONG uRTSFailureCount;
    ULONG uACKFailureCount;
    ULONG uReceivedFragmentCount;
    ULONG uMulticastReceivedFrameCount;
    ULONG uFCSErrorCount;
    ULONG uTransmittedFrameCount;
} DOT11_COUNTERS_ENTRY, *PDOT11_COUNTERS_ENTRY;

typedef struct _DOT11_SUPPORTED_PHY_TYPES {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_PHY_TYPE dot11PHYType[1];
} DOT11_SUPPORTED_PHY_TYPES, *PDOT11_SUPPORTED_PHY_TYPES;

typedef enum _DOT11_TEMP_TYPE {
    dot11_temp_type_unknown = 0,
    dot11_temp_type_1 = 1,
    dot11_temp_type_2 = 2
} DOT11_TEMP_TYPE,
    *PDOT11_TEMP_TYPE;

typedef enum _DOT11_DIVERSITY_SUPPORT {
    dot11_diversity_support_unknown = 0,
    dot11_diversity_support_fixedlist = 1,
    dot11_diversity_support_notsupported = 2,
    dot11_diversity_support_dynamic = 3
} DOT11_DIVERSITY_SUPPORT,
    *PDOT11_DIVERSITY_SUPPORT;

typedef struct _DOT11_SUPPORTED_POWER_LEVELS {
    ULONG uNumOfSupportedPowerLevels;
    ULONG uTxPowerLevelValues[8];
} DOT11_SUPPORTED_POWER_LEVELS, *PDOT11_SUPPORTED_POWER_LEVELS;

typedef struct _DOT11_REG_DOMAIN_VALUE {
    ULONG uRegDomainsSupportIndex;
    ULONG uRegDomainsSupportValue;
} DOT11_REG_DOMAIN_VALUE, *PDOT11_REG_DOMAIN_VALUE;

typedef struct _DOT11_REG_DOMAINS_SUPPORT_VALUE {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_REG_DOMAIN_VALUE dot11RegDomainValue[1];
} DOT11_REG_DOMAINS_SUPPORT_VALUE, *PDOT11_REG_DOMAINS_SUPPORT_VALUE;

typedef struct _DOT11_SUPPORTED_ANTENNA {
    ULONG uAntennaListIndex;
    BOOLEAN bSupportedAntenna;
} DOT11_SUPPORTED_ANTENNA, *PDOT11_SUPPORTED_ANTENNA;

typedef struct _DOT11_SUPPORTED_ANTENNA_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_SUPPORTED_ANTENNA dot11SupportedAntenna[1];
} DOT11_SUPPORTED_ANTENNA_LIST, *PDOT11_SUPPORTED_ANTENNA_LIST;

typedef struct _DOT11_DIVERSITY_SELECTION_RX {
    ULONG uAntennaListIndex;
    BOOLEAN bDiversitySelectionRX;
} DOT11_DIVERSITY_SELECTION_RX, *PDOT11_DIVERSITY_SELECTION_RX;

typedef struct _DOT11_DIVERSITY_SELECTION_RX_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_DIVERSITY_SELECTION_RX dot11DiversitySelectionRx[1];
} DOT11_DIVERSITY_SELECTION_RX_LIST, *PDOT11_DIVERSITY_SELECTION_RX_LIST;

typedef struct _DOT11_SUPPORTED_DATA_RATES_VALUE {
    UCHAR ucSupportedTxDataRatesValue[8];
    UCHAR ucSupportedRxDataRatesValue[8];
} DOT11_SUPPORTED_DATA_RATES_VALUE, *PDOT11_SUPPORTED_DATA_RATES_VALUE;

typedef struct _DOT11_SUPPORTED_DATA_RATES_VALUE_V2 {
    UCHAR ucSupportedTxDataRatesValue[255];
    UCHAR ucSupportedRxDataRatesValue[255];
} DOT11_SUPPORTED_DATA_RATES_VALUE_V2, *PDOT11_SUPPORTED_DATA_RATES_VALUE_V2;

typedef DOT11_SUPPORTED_DATA_RATES_VALUE_V2 DOT11_SUPPORTED_DATA_RATES_VALUE_V1;
typedef DOT11_SUPPORTED_DATA_RATES_VALUE_V2 *PDOT11_SUPPORTED_DATA_RATES_VALUE_V1;

typedef struct _DOT11_MULTI_DOMAIN_CAPABILITY_ENTRY {
    ULONG uMultiDomainCapabilityIndex;
    ULONG uFirstChannelNumber;
    ULONG uNumberOfChannels;
    LONG lMaximumTransmitPowerLevel;
} DOT11_MULTI_DOMAIN_CAPABILITY_ENTRY, *PDOT11_MULTI_DOMAIN_CAPABILITY_ENTRY;

typedef struct _DOT11_MD_CAPABILITY_ENTRY_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_MULTI_DOMAIN_CAPABILITY_ENTRY dot11MDCapabilityEntry[1];
} DOT11_MD_CAPABILITY_ENTRY_LIST, *PDOT11_MD_CAPABILITY_ENTRY_LIST;

typedef enum _DOT11_HOP_ALGO_ADOPTED {
    dot11_hop_algo_current = 0,
    dot11_hop_algo_hop_index = 1,
    dot11_hop_algo_hcc = 2
} DOT11_HOP_ALGO_ADOPTED,
    *PDOT11_HOP_ALGO_ADOPTED;

typedef struct _DOT11_HOPPING_PATTERN_ENTRY {
    ULONG uHoppingPatternIndex;
    ULONG uRandomTableFieldNumber;
} DOT11_HOPPING_PATTERN_ENTRY, *PDOT11_HOPPING_PATTERN_ENTRY;

typedef struct _DOT11_HOPPING_PATTERN_ENTRY_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_HOPPING_PATTERN_ENTRY dot11HoppingPatternEntry[1];
} DOT11_HOPPING_PATTERN_ENTRY_LIST, *PDOT11_HOPPING_PATTERN_ENTRY_LIST;

typedef struct _DOT11_WPA_TSC {
    ULONG uReserved;
    DOT11_OFFLOAD_TYPE dot11OffloadType;
    HANDLE hOffload;
    DOT11_IV48_COUNTER dot11IV48Counter;
} DOT11_WPA_TSC, *PDOT11_WPA_TSC;

typedef struct _DOT11_RSSI_RANGE {
    DOT11_PHY_TYPE dot11PhyType;
    ULONG uRSSIMin;
    ULONG uRSSIMax;
} DOT11_RSSI_RANGE, *PDOT11_RSSI_RANGE;

typedef struct _DOT11_NIC_SPECIFIC_EXTENSION {
    ULONG uBufferLength;
    ULONG uTotalBufferLength;
    UCHAR ucBuffer[1];
} DOT11_NIC_SPECIFIC_EXTENSION, *PDOT11_NIC_SPECIFIC_EXTENSION;

typedef struct _DOT11_AP_JOIN_REQUEST {
    ULONG uJoinFailureTimeout;
    DOT11_RATE_SET OperationalRateSet;
    ULONG uChCenterFrequency;
    DOT11_BSS_DESCRIPTION dot11BSSDescription;
} DOT11_AP_JOIN_REQUEST, *PDOT11_AP_JOIN_REQUEST;

typedef struct _DOT11_RECV_SENSITIVITY {
    UCHAR ucDataRate;
    LONG lRSSIMin;
    LONG lRSSIMax;
} DOT11_RECV_SENSITIVITY, *PDOT11_RECV_SENSITIVITY;

typedef struct _DOT11_RECV_SENSITIVITY_LIST {
    union {
        DOT11_PHY_TYPE dot11PhyType;
        ULONG uPhyId;
    };
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_RECV_SENSITIVITY dot11RecvSensitivity[1];
} DOT11_RECV_SENSITIVITY_LIST, *PDOT11_RECV_SENSITIVITY_LIST;

typedef enum _DOT11_AC_PARAM {
    dot11_AC_param_BE = 0,
    dot11_AC_param_BK = 1,
    dot11_AC_param_VI = 2,
    dot11_AC_param_VO = 3,
    dot11_AC_param_max = 4
} DOT11_AC_PARAM,
    *PDOT11_AC_PARAM;

typedef struct _DOT11_WME_AC_PARAMETERS {
    UCHAR ucAccessCategoryIndex;
    UCHAR ucAIFSN;
    UCHAR ucECWmin;
    UCHAR ucECWmax;
    USHORT usTXOPLimit;
} DOT11_WME_AC_PARAMETERS, *PDOT11_WME_AC_PARAMETERS;

typedef struct _DOT11_WME_AC_PARAMTERS_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_WME_AC_PARAMETERS dot11WMEACParameters[1];
} DOT11_WME_AC_PARAMETERS_LIST, *PDOT11_WME_AC_PARAMETERS_LIST;

typedef struct _DOT11_WME_UPDATE_IE {
    ULONG uParamElemMinBeaconIntervals;
    ULONG uWMEInfoElemOffset;
    ULONG uWMEInfoElemLength;
    ULONG uWMEParamElemOffset;
    ULONG uWMEParamElemLength;
    UCHAR ucBuffer[1];
} DOT11_WME_UPDATE_IE, *PDOT11_WME_UPDATE_IE;

typedef struct _DOT11_QOS_TX_DURATION {
    ULONG uNominalMSDUSize;
    ULONG uMinPHYRate;
    ULONG uDuration;
} DOT11_QOS_TX_DURATION, *PDOT11_QOS_TX_DURATION;

typedef struct _DOT11_QOS_TX_MEDIUM_TIME {
    DOT11_MAC_ADDRESS dot11PeerAddress;
    UCHAR ucQoSPriority;
    ULONG uMediumTimeAdmited;
} DOT11_QOS_TX_MEDIUM_TIME, *PDOT11_QOS_TX_MEDIUM_TIME;

typedef struct _DOT11_SUPPORTED_OFDM_FREQUENCY {
    ULONG uCenterFrequency;
} DOT11_SUPPORTED_OFDM_FREQUENCY, *PDOT11_SUPPORTED_OFDM_FREQUENCY;

typedef struct _DOT11_SUPPORTED_OFDM_FREQUENCY_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_SUPPORTED_OFDM_FREQUENCY dot11SupportedOFDMFrequency[1];
} DOT11_SUPPORTED_OFDM_FREQUENCY_LIST, *PDOT11_SUPPORTED_OFDM_FREQUENCY_LIST;

typedef struct _DOT11_SUPPORTED_DSSS_CHANNEL {
    ULONG uChannel;
} DOT11_SUPPORTED_DSSS_CHANNEL, *PDOT11_SUPPORTED_DSSS_CHANNEL;

typedef struct _DOT11_SUPPORTED_DSSS_CHANNEL_LIST {
    ULONG uNumOfEntries;
    ULONG uTotalNumOfEntries;
    DOT11_SUPPORTED_DSSS_CHANNEL dot11SupportedDSSSChannel[1];
} DOT11_SUPPORTED_DSSS_CHANNEL_LIST, *PDOT11_SUPPORTED_DSSS_CHANNEL_LIST;

typedef struct DOT11_BYTE_ARRAY {
    NDIS_OBJECT_HEADER Header;
    ULONG uNumOfBytes;
    ULONG uTotalNumOfBytes;
    UCHAR ucBuffer[1];
} DOT11_BYTE_ARRAY, *PDOT11_BYTE_ARRAY;

#endif
