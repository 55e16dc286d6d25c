/* SPDX-License-Identifier: MIT */
/* What public drivers include, write and name compiles with the headers that they get: in C, and in
 * C++ with the headers within extern "C".
 */
#include "check.h"

static const char in_c[] =
    "#include <wdmwarn4.h>\n#include <ntverp.h>\n#if VER_PRODUCTBUILD < 7600\n#error old\n#endif\n"
    "#define NDIS630 1\n#include <fltkernel.h>\n#include <ndis.h>\n#include <procgrp.h>\n"
    "#include <assert.h>\n#include <ntstrsafe.h>\n#include <time.h>\nC_ASSERT(sizeof(time_t) == "
    "8);\n"
    "struct frame { struct in_addr a; IO_PRIORITY_HINT p; NETWORK_ADDRESS_IP6 b; FAR PCCHAR c; };\n"
    "C_ASSERT(sizeof(NETWORK_ADDRESS_IP6) == 28);\n"
    "C_ASSERT(FIELD_OFFSET(PCI_COMMON_HEADER, u.type2.CapabilitiesPtr) == 0x14);\n"
    "C_ASSERT(sizeof(PCI_COMMON_HEADER) == 64);\n"
    "#pragma pack(push, mine)\n#pragma pack(1)\nstruct one { char a; int b; };\n"
    "#pragma pack(pop, mine)\nC_ASSERT(sizeof(struct one) == 5);\n"
    "struct two { char a; int b; };\nC_ASSERT(sizeof(struct two) == 8);\n"
    "#define PACKED(s) __pragma(warning(disable: 4200)) __pragma(pack(push, 1)) s; "
    "__pragma(pack(pop))\n"
    "PACKED(struct three { char a; int b; })\nC_ASSERT(sizeof(struct three) == 5);\n"
    "struct four { char a; int b; };\nC_ASSERT(sizeof(struct four) == 8);\n"
    "#if _MSC_VER < 1900\n#error no cl.exe\n#endif\n"
    "typedef unsigned __int3264 word_t; C_ASSERT(sizeof(word_t) == sizeof(void *));\n"
    "C_ASSERT(LOOKASIDE_MINIMUM_BLOCK_SIZE == 8);\n"
    "SID_IDENTIFIER_AUTHORITY authority = SECURITY_NT_AUTHORITY; ULONG rid = "
    "SECURITY_LOCAL_SYSTEM_RID;\n"
    "C_ASSERT(FIELD_OFFSET(ACCESS_ALLOWED_ACE, SidStart) == 8 && SE_DACL_PROTECTED == 0x1000);\n"
    "int order(UCHAR *a, UCHAR *b) { INT r; ETH_COMPARE_NETWORK_ADDRESSES(a, b, &r) return r; }\n"
    "__declspec(deprecated) void old(void);\n__declspec(deprecated(\"new\")) void older(void);\n"
    "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {\n"
    "    NET_BUFFER_LIST n = {0}; DWORD x = IPPROTO_TCP + IPPROTO_IPV4 + IoPriorityNormal;\n"
    "    NDIS_PACKET_8021Q_INFO q; NDIS_TCP_IP_CHECKSUM_PACKET_INFO c; char s[8];\n"
    "    UNREFERENCED_PARAMETER(p); WdmlibProcgrpInitialize(); assert(d);\n"
    "    q.Value = 0; c.Value = 0; _snprintf_s(s, 8, 7, \"%d\", 1);\n"
    "    NBL_SET_FLAG(&n, 4); NBL_CLEAR_FLAG(&n, 2);\n"
    "    return NBL_TEST_FLAG(&n, 4) && q.TagHeader.VlanId == 0 ? __min(x, 1) : c.Value; }\n";

/* A project's release defines no DBG; virtual functions without a body have one to end in. */
static const char project[] =
    "<Project><ItemGroup><ClCompile Include=\"a.cpp\"/></ItemGroup></Project>";

static const char in_cxx[] =
    "extern \"C\" {\n#include <ndis.h>\n#include <ntstrsafe.h>\n}\n"
    "#ifdef DBG\n#error checked\n#endif\n"
    "struct Shape { virtual int Sides() = 0; };\nstruct Square : Shape { int Sides(); };\n"
    "int Square::Sides() { return 4; }\nint Count(Shape *s) { return s->Sides(); }\n"
    "class Own {\n    void operator delete(void *) { }\n  public:\n    virtual ~Own() { }\n};\n"
    "class Driver : public Own { };\n"
    "void __CRTDECL operator delete(void *, unsigned long long) throw() { }\n"
    "void operator delete(void *) throw() { }\n"
    "static LONG volatile count;\nstatic Driver *made;\n"
    "extern \"C\" NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {\n"
    "    unsigned short n = 2 * unsigned short(p->Length);\n    UNREFERENCED_PARAMETER(d);\n"
    "    DECLARE_CONST_UNICODE_STRING(name, L\"x\");\n"
    "    NdisInterlockedIncrement(&count);\n    __sdv_save_adapter_context((PVOID *)&made);\n"
    "    return min(n, name.Length); }\n";

/* Tokens that make no token; gcc has no word for that. */
static const char pasted[] = "#define MEMBER(p, m) (p##->##m)\n"
                             "static int length(PUNICODE_STRING p) { return MEMBER(p, Length); }\n";

static void
builds(const char *folder, const char *compiler, const char *name, const char *text)
{
    char *target = string_format("%s/%s", folder, name), *file = string_format("%s/a.cpp", name),
         *output = string_format("%s/%s.so", folder, name);
    struct build_request request = {.compiler = compiler, .target = target, .output = output};

    file[strlen(file) - (name[1] ? 0 : 2)] = 0; /* c: a.c */
    put_file(folder, file, text);
    if (name[1])
        put_file(folder, "cxx/a.vcxproj", project);
    CHECK(build_driver(&request) == BUILD_OK);
    free(output);
    free(file);
    free(target);
}

int
main(void)
{
    char *folder = test_folder(), *both = string_format("%s%s", in_cxx, pasted);

    builds(folder, "gcc", "c", in_c);
    builds(folder, "gcc", "cxx", in_cxx);
    if (!system("clang --version >/dev/null 2>&1")) {
        builds(folder, "clang", "c", in_c);
        builds(folder, "clang", "cxx", both);
    }
    free(both);
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
