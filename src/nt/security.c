/* SPDX-License-Identifier: MIT */
/* Security descriptors, access lists and identifiers as data structures; access itself is granted
 * to everybody: who calls is the administrator of the machine. Everything is the caller's memory.
 */
#include <string.h>
#include <wdm.h>

/*
 * RtlCreateSecurityDescriptor - an empty absolute security descriptor
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_UNKNOWN_REVISION.
 * Source:    NF:wdm.RtlCreateSecurityDescriptor
 */
NTSTATUS
RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG Revision)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    if (Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    memset(descriptor, 0, sizeof(*descriptor));
    descriptor->Revision = SECURITY_DESCRIPTOR_REVISION;
    return STATUS_SUCCESS;
}

static void
set_control(PISECURITY_DESCRIPTOR descriptor, USHORT bit, BOOLEAN set)
{
    if (set)
        descriptor->Control |= bit;
    else
        descriptor->Control &= (USHORT)~bit;
}

/*
 * RtlSetDaclSecurityDescriptor - puts an access list into a descriptor
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: refers to the list.
 * Errors:    STATUS_UNKNOWN_REVISION.
 * Source:    NF:wdm.RtlSetDaclSecurityDescriptor
 */
NTSTATUS
RtlSetDaclSecurityDescriptor(
    PSECURITY_DESCRIPTOR SecurityDescriptor, BOOLEAN DaclPresent, PACL Dacl, BOOLEAN DaclDefaulted)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    set_control(descriptor, SE_DACL_PRESENT, DaclPresent);
    set_control(descriptor, SE_DACL_DEFAULTED, DaclPresent && DaclDefaulted);
    descriptor->Dacl = DaclPresent ? Dacl : NULL;
    return STATUS_SUCCESS;
}

/*
 * RtlGetDaclSecurityDescriptor - the access list of a descriptor
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the list stays the descriptor's.
 * Errors:    STATUS_UNKNOWN_REVISION.
 * Source:    NF:ntifs.RtlGetDaclSecurityDescriptor
 */
NTSTATUS
RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PBOOLEAN DaclPresent,
    PACL *Dacl, PBOOLEAN DaclDefaulted)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    *DaclPresent = (descriptor->Control & SE_DACL_PRESENT) != 0;
    if (*DaclPresent) {
        *Dacl = descriptor->Dacl;
        *DaclDefaulted = (descriptor->Control & SE_DACL_DEFAULTED) != 0;
    }
    return STATUS_SUCCESS;
}

/*
 * RtlSetOwnerSecurityDescriptor - puts an owner into a descriptor
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: refers to the identifier.
 * Errors:    STATUS_UNKNOWN_REVISION.
 * Source:    NF:ntifs.RtlSetOwnerSecurityDescriptor
 */
NTSTATUS
RtlSetOwnerSecurityDescriptor(
    PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Owner, BOOLEAN OwnerDefaulted)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    descriptor->Owner = Owner;
    set_control(descriptor, SE_OWNER_DEFAULTED, OwnerDefaulted);
    return STATUS_SUCCESS;
}

/*
 * RtlSetGroupSecurityDescriptor - puts a group into a descriptor
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: refers to the identifier.
 * Errors:    STATUS_UNKNOWN_REVISION.
 * Source:    NF:ntifs.RtlSetGroupSecurityDescriptor
 */
NTSTATUS
RtlSetGroupSecurityDescriptor(
    PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Group, BOOLEAN GroupDefaulted)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    descriptor->Group = Group;
    set_control(descriptor, SE_GROUP_DEFAULTED, GroupDefaulted);
    return STATUS_SUCCESS;
}

/*
 * RtlLengthRequiredSid - bytes of an identifier with so many subauthorities
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.RtlLengthRequiredSid
 */
ULONG
RtlLengthRequiredSid(ULONG SubAuthorityCount)
{
    return (ULONG)(FIELD_OFFSET(SID, SubAuthority) + SubAuthorityCount * sizeof(ULONG));
}

/*
 * RtlLengthSid - bytes of an identifier
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.RtlLengthSid
 */
ULONG
RtlLengthSid(PSID Sid)
{
    return RtlLengthRequiredSid(((PISID)Sid)->SubAuthorityCount);
}

/*
 * RtlValidSid - whether revision and count of an identifier are possible
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.RtlValidSid
 */
BOOLEAN
RtlValidSid(PSID Sid)
{
    PISID sid = Sid;

    return sid != NULL && sid->Revision == 1 && sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

/*
 * RtlEqualSid - whether two identifiers are the same
 *
 * IRQL:      Any
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.RtlEqualSid
 */
BOOLEAN
RtlEqualSid(PSID Sid1, PSID Sid2)
{
    return RtlLengthSid(Sid1) == RtlLengthSid(Sid2) && memcmp(Sid1, Sid2, RtlLengthSid(Sid1)) == 0;
}

/*
 * RtlCopySid - copies an identifier
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL.
 * Source:    NF:ntifs.RtlCopySid
 */
NTSTATUS
RtlCopySid(ULONG DestinationSidLength, PSID DestinationSid, PSID SourceSid)
{
    if (RtlLengthSid(SourceSid) > DestinationSidLength)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(DestinationSid, SourceSid, RtlLengthSid(SourceSid));
    return STATUS_SUCCESS;
}

/*
 * RtlInitializeSid - an identifier whose subauthorities are still to be set
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER for more than 15.
 * Source:    NF:ntifs.RtlInitializeSid
 */
NTSTATUS
RtlInitializeSid(PSID Sid, PSID_IDENTIFIER_AUTHORITY IdentifierAuthority, UCHAR SubAuthorityCount)
{
    PISID sid = Sid;

    if (SubAuthorityCount > SID_MAX_SUB_AUTHORITIES)
        return STATUS_INVALID_PARAMETER;
    sid->Revision = 1;
    sid->SubAuthorityCount = SubAuthorityCount;
    sid->IdentifierAuthority = *IdentifierAuthority;
    return STATUS_SUCCESS;
}

/*
 * RtlSubAuthoritySid - where a subauthority of an identifier stands
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: the place stays the identifier's.
 * Errors:    none.
 * Source:    NF:ntifs.RtlSubAuthoritySid
 */
PULONG
RtlSubAuthoritySid(PSID Sid, ULONG SubAuthority)
{
    return (PULONG)((PCHAR)Sid + FIELD_OFFSET(SID, SubAuthority)) + SubAuthority;
}

/*
 * RtlCreateAcl - an empty access list in AclLength bytes
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER for another revision or a length that is none,
 *            STATUS_BUFFER_TOO_SMALL.
 * Source:    NF:ntifs.RtlCreateAcl
 */
NTSTATUS
RtlCreateAcl(PACL Acl, ULONG AclLength, ULONG AclRevision)
{
    if (AclLength < sizeof(*Acl))
        return STATUS_BUFFER_TOO_SMALL;
    if (AclRevision < ACL_REVISION || AclRevision > 4 || AclLength > 0xffff)
        return STATUS_INVALID_PARAMETER;
    memset(Acl, 0, sizeof(*Acl));
    Acl->AclRevision = (UCHAR)AclRevision;
    Acl->AclSize = (USHORT)(AclLength & ~3u);
    return STATUS_SUCCESS;
}

/*
 * RtlAddAccessAllowedAce - adds an entry that allows access to an access list
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: copies the identifier.
 * Errors:    STATUS_INVALID_SID, STATUS_ALLOTTED_SPACE_EXCEEDED, STATUS_REVISION_MISMATCH.
 * Source:    NF:ntifs.RtlAddAccessAllowedAce
 */
NTSTATUS
RtlAddAccessAllowedAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask, PSID Sid)
{
    PCHAR at = (PCHAR)(Acl + 1), end = (PCHAR)Acl + Acl->AclSize;
    ACE_HEADER header = {0};
    ULONG i;

    if (!RtlValidSid(Sid))
        return STATUS_INVALID_SID;
    if (AceRevision > Acl->AclRevision)
        return STATUS_REVISION_MISMATCH;
    for (i = 0; i < Acl->AceCount; i++)
        at += ((PACE_HEADER)at)->AceSize;
    header.AceSize = (USHORT)(sizeof(header) + sizeof(AccessMask) + RtlLengthSid(Sid));
    if (at + header.AceSize > end)
        return STATUS_ALLOTTED_SPACE_EXCEEDED;
    memcpy(at, &header, sizeof(header));
    memcpy(at + sizeof(header), &AccessMask, sizeof(AccessMask));
    memcpy(at + sizeof(header) + sizeof(AccessMask), Sid, RtlLengthSid(Sid));
    Acl->AceCount++;
    return STATUS_SUCCESS;
}

/*
 * RtlLengthSecurityDescriptor - bytes of an absolute descriptor and what it refers to
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlLengthSecurityDescriptor
 */
ULONG
RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;
    ULONG size = sizeof(*descriptor);

    if (descriptor->Owner != NULL)
        size += (RtlLengthSid(descriptor->Owner) + 3) & ~3u;
    if (descriptor->Group != NULL)
        size += (RtlLengthSid(descriptor->Group) + 3) & ~3u;
    if (descriptor->Dacl != NULL)
        size += (descriptor->Dacl->AclSize + 3u) & ~3u;
    if (descriptor->Sacl != NULL)
        size += (descriptor->Sacl->AclSize + 3u) & ~3u;
    return size;
}

/* Puts @size bytes at the end of @to, and where they are into @place; nothing where there are none. */
static void
append(PSECURITY_DESCRIPTOR to, ULONG *end, ULONG *place, const void *from, ULONG size)
{
    if (from == NULL)
        return;
    *place = *end;
    memcpy((UCHAR *)to + *end, from, size);
    *end += (size + 3u) & ~3u;
}

/*
 * RtlAbsoluteToSelfRelativeSD - a descriptor and what it refers to, in one piece
 *
 * @BufferLength: bytes of @SelfRelativeSecurityDescriptor, then of what it takes.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: copies what the descriptor refers to.
 * Errors:    STATUS_BAD_DESCRIPTOR_FORMAT for one that is in one piece already,
 *            STATUS_BUFFER_TOO_SMALL.
 * Source:    NF:ntifs.RtlAbsoluteToSelfRelativeSD
 */
NTSTATUS
RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR AbsoluteSecurityDescriptor,
    PSECURITY_DESCRIPTOR SelfRelativeSecurityDescriptor, PULONG BufferLength)
{
    PISECURITY_DESCRIPTOR from = AbsoluteSecurityDescriptor;
    SECURITY_DESCRIPTOR_RELATIVE to = {0};
    ULONG end = sizeof(to), size;

    if (from->Control & SE_SELF_RELATIVE)
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    size = RtlLengthSecurityDescriptor(from) - (ULONG)(sizeof(*from) - sizeof(to));
    if (*BufferLength < size) {
        *BufferLength = size;
        return STATUS_BUFFER_TOO_SMALL;
    }
    *BufferLength = size;
    memset(SelfRelativeSecurityDescriptor, 0, size);
    to.Revision = from->Revision;
    to.Sbz1 = from->Sbz1;
    to.Control = from->Control | SE_SELF_RELATIVE;
    append(SelfRelativeSecurityDescriptor, &end, &to.Sacl, from->Sacl,
        from->Sacl ? from->Sacl->AclSize : 0);
    append(SelfRelativeSecurityDescriptor, &end, &to.Dacl, from->Dacl,
        from->Dacl ? from->Dacl->AclSize : 0);
    append(SelfRelativeSecurityDescriptor, &end, &to.Owner, from->Owner,
        from->Owner ? RtlLengthSid(from->Owner) : 0);
    append(SelfRelativeSecurityDescriptor, &end, &to.Group, from->Group,
        from->Group ? RtlLengthSid(from->Group) : 0);
    memcpy(SelfRelativeSecurityDescriptor, &to, sizeof(to));
    return STATUS_SUCCESS;
}

/*
 * RtlValidSecurityDescriptor - whether revision, identifiers and lists of an absolute descriptor
 *     are possible
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlValidSecurityDescriptor
 */
BOOLEAN
RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    if (descriptor == NULL || descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
        return FALSE;
    if (descriptor->Owner != NULL && !RtlValidSid(descriptor->Owner))
        return FALSE;
    if (descriptor->Group != NULL && !RtlValidSid(descriptor->Group))
        return FALSE;
    return descriptor->Dacl == NULL || descriptor->Dacl->AclSize >= sizeof(ACL);
}

/*
 * RtlMapGenericMask - turns generic rights into those of a type
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.RtlMapGenericMask
 */
VOID
RtlMapGenericMask(PACCESS_MASK AccessMask, const GENERIC_MAPPING *GenericMapping)
{
    ACCESS_MASK mask = *AccessMask;

    if (mask & GENERIC_READ)
        mask |= GenericMapping->GenericRead;
    if (mask & GENERIC_WRITE)
        mask |= GenericMapping->GenericWrite;
    if (mask & GENERIC_EXECUTE)
        mask |= GenericMapping->GenericExecute;
    if (mask & GENERIC_ALL)
        mask |= GenericMapping->GenericAll;
    *AccessMask = mask & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
}

/*
 * SeCaptureSubjectContext - who calls: the administrator, without tokens
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller releases it with SeReleaseSubjectContext.
 * Errors:    none.
 * Source:    NF:wdm.SeCaptureSubjectContext
 */
VOID
SeCaptureSubjectContext(PSECURITY_SUBJECT_CONTEXT SubjectContext)
{
    memset(SubjectContext, 0, sizeof(*SubjectContext));
}

/*
 * SeReleaseSubjectContext - undoes SeCaptureSubjectContext
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.SeReleaseSubjectContext
 */
VOID
SeReleaseSubjectContext(PSECURITY_SUBJECT_CONTEXT SubjectContext)
{
    memset(SubjectContext, 0, sizeof(*SubjectContext));
}

/*
 * SeAccessCheck - grants what is asked for: the caller is the administrator; a descriptor with an
 *     empty access list denies everybody in user mode
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    *AccessStatus STATUS_ACCESS_DENIED and FALSE.
 * Source:    NF:wdm.SeAccessCheck
 */
BOOLEAN
SeAccessCheck(PSECURITY_DESCRIPTOR SecurityDescriptor,
    PSECURITY_SUBJECT_CONTEXT SubjectSecurityContext, BOOLEAN SubjectContextLocked,
    ACCESS_MASK DesiredAccess, ACCESS_MASK PreviouslyGrantedAccess, PPRIVILEGE_SET *Privileges,
    PGENERIC_MAPPING GenericMapping, KPROCESSOR_MODE AccessMode, PACCESS_MASK GrantedAccess,
    PNTSTATUS AccessStatus)
{
    PISECURITY_DESCRIPTOR descriptor = SecurityDescriptor;

    UNREFERENCED_PARAMETER(SubjectSecurityContext);
    UNREFERENCED_PARAMETER(SubjectContextLocked);
    if (Privileges != NULL)
        *Privileges = NULL;
    if (AccessMode == UserMode && descriptor != NULL && descriptor->Dacl != NULL &&
        descriptor->Control & SE_DACL_PRESENT && descriptor->Dacl->AceCount == 0) {
        *GrantedAccess = 0;
        *AccessStatus = STATUS_ACCESS_DENIED;
        return FALSE;
    }
    if (DesiredAccess & MAXIMUM_ALLOWED)
        DesiredAccess = (DesiredAccess & ~MAXIMUM_ALLOWED) | GENERIC_ALL;
    RtlMapGenericMask(&DesiredAccess, GenericMapping);
    *GrantedAccess = DesiredAccess | PreviouslyGrantedAccess;
    *AccessStatus = STATUS_SUCCESS;
    return TRUE;
}
