/* SPDX-License-Identifier: MIT */
/* An absolute security descriptor and what it refers to are put into one piece, when there is room. */
#include "nt.h"
#include <ntifs.h>

static void
in_one_piece(void *context)
{
    SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY;
    SECURITY_DESCRIPTOR descriptor;
    struct {
        ACL list;
        ACCESS_ALLOWED_ACE entry;
        ULONG rest[2];
    } dacl;
    SID sid;
    union {
        SECURITY_DESCRIPTOR_RELATIVE head;
        UCHAR bytes[128];
    } piece;
    ULONG size = 0, needed = sizeof(piece.head) + sizeof(dacl) + sizeof(sid);
    const ACCESS_ALLOWED_ACE *entry;

    (void)context;
    CHECK(RtlInitializeSid(&sid, &authority, 1) == STATUS_SUCCESS);
    sid.SubAuthority[0] = SECURITY_LOCAL_SYSTEM_RID;
    CHECK(RtlCreateAcl(&dacl.list, sizeof(dacl), ACL_REVISION) == STATUS_SUCCESS);
    CHECK(RtlAddAccessAllowedAce(&dacl.list, ACL_REVISION, GENERIC_READ, &sid) == STATUS_SUCCESS);
    CHECK(RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) == STATUS_SUCCESS);
    CHECK(RtlSetDaclSecurityDescriptor(&descriptor, TRUE, &dacl.list, FALSE) == STATUS_SUCCESS);
    CHECK(RtlSetOwnerSecurityDescriptor(&descriptor, &sid, FALSE) == STATUS_SUCCESS);
    CHECK(RtlAbsoluteToSelfRelativeSD(&descriptor, NULL, &size) == STATUS_BUFFER_TOO_SMALL);
    CHECK(size == needed);
    memset(&piece, 0xEE, sizeof(piece));
    CHECK(RtlAbsoluteToSelfRelativeSD(&descriptor, &piece, &size) == STATUS_SUCCESS);
    CHECK(piece.head.Control == (SE_SELF_RELATIVE | SE_DACL_PRESENT));
    CHECK(piece.head.Revision == SECURITY_DESCRIPTOR_REVISION && piece.bytes[needed] == 0xEE);
    CHECK(piece.head.Group == 0 && piece.head.Sacl == 0);
    CHECK(RtlEqualSid(piece.bytes + piece.head.Owner, &sid));
    entry = (const ACCESS_ALLOWED_ACE *)(piece.bytes + piece.head.Dacl + sizeof(ACL));
    CHECK(entry->Header.AceType == ACCESS_ALLOWED_ACE_TYPE && entry->Mask == GENERIC_READ);
    CHECK(RtlEqualSid((PSID)&entry->SidStart, &sid));
    size = sizeof(piece);
    CHECK(RtlAbsoluteToSelfRelativeSD(&piece, NULL, &size) == STATUS_BAD_DESCRIPTOR_FORMAT);
}

int
main(void)
{
    nt_run(in_one_piece);
    return 0;
}
