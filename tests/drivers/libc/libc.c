/* SPDX-License-Identifier: MIT */
/* libc: looks whether the C library that drivers get does as Windows' does: DriverEntry fails, and
 * says where, when it does not. long has 32 bits, wchar_t 16.
 */
#include <ntddk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK(Condition)                                                                            \
    do {                                                                                           \
        if (!(Condition)) {                                                                        \
            DbgPrint("libc.c:%d: %s\n", __LINE__, #Condition);                                     \
            return FALSE;                                                                          \
        }                                                                                          \
    } while (0)

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;

static BOOLEAN
Formats(VOID)
{
    const CHAR *Long = "%s=%04lx"; /* out of the compiler's sight: its long is another */
    CHAR Text[16];
    WCHAR Wide[16];

    LOOK(sprintf(Text, Long, "a", 0x2bcu) == 6 && strcmp(Text, "a=02bc") == 0);
    memset(Text, '#', sizeof(Text));
    LOOK(_snprintf(Text, 4, "%d", 123456) == -1 && Text[3] == '4' && Text[4] == '#');
    LOOK(_snprintf(Text, 6, "%d", 123456) == 6 && Text[5] == '6' && Text[6] == '#');
    LOOK(snprintf(Text, 4, "%d", 123456) == 6 && strcmp(Text, "123") == 0);
    LOOK(sprintf_s(Text, sizeof(Text), "%I64d %hu", -5ll, 70000) == 7 &&
         strcmp(Text, "-5 4464") == 0);
    LOOK(_snprintf_s(Text, sizeof(Text), 3, "%s", "abcdef") == -1 && strcmp(Text, "abc") == 0);
    LOOK(swprintf(Wide, L"%s %S", L"wide", "narrow") == 11 && wcscmp(Wide, L"wide narrow") == 0);
    LOOK(swprintf_s(Wide, 16, L"%u", 42u) == 2 && wcscmp(Wide, L"42") == 0);
    return TRUE;
}

static BOOLEAN
Scans(VOID)
{
    const CHAR *Long = "%lx %7s %d";
    ULONG Number = 0;
    CHAR Word[8] = "";
    int Signed = 0;

    LOOK(sscanf("0x1f abc -7", Long, &Number, Word, &Signed) == 3);
    LOOK(Number == 0x1f && strcmp(Word, "abc") == 0 && Signed == -7);
    LOOK(sscanf("x", "%d", &Signed) == 0);
    return TRUE;
}

static BOOLEAN
Texts(VOID)
{
    CHAR Text[24] = "one,two;three", *Rest = NULL, *Part;
    WCHAR Wide[24] = L"Key\\Name";

    LOOK(strlen(Text) == 13 && strnlen(Text, 3) == 3 && strchr(Text, ',') == Text + 3);
    LOOK(strrchr(Text, 'e') == Text + 12 && strstr(Text, "two") == Text + 4);
    LOOK(strspn(Text, "eno") == 3 && strcspn(Text, ";") == 7 && strpbrk(Text, ";,") == Text + 3);
    Part = strtok_s(Text, ",;", &Rest);
    LOOK(strcmp(Part, "one") == 0);
    Part = strtok_s(NULL, ",;", &Rest);
    LOOK(strcmp(Part, "two") == 0);
    LOOK(_stricmp("MiXed", "mIxED") == 0 && _strnicmp("abX", "ABy", 2) == 0);
    LOOK(strcmp("a", "b") < 0 && strncmp("ab", "ac", 1) == 0 && memcmp("b", "a", 1) > 0);
    LOOK(strcpy_s(Text, sizeof(Text), "ab") == 0 && strcat_s(Text, sizeof(Text), "cd") == 0);
    LOOK(strcmp(_strrev(_strupr(Text)), "DCBA") == 0 && strcmp(_strlwr(Text), "dcba") == 0);
    LOOK(strncpy(Text, "xyz", 2) == Text && strcmp(Text, "xyba") == 0);
    LOOK(strcpy_s(Text, 3, "toolong") != 0 && Text[0] == 0);
    LOOK(wcslen(Wide) == 8 && wcsrchr(Wide, L'\\') == Wide + 3 && wcsstr(Wide, L"Na") == Wide + 4);
    LOOK(_wcsicmp(L"net", L"NET") == 0 && _wcsnicmp(L"Neo", L"nET", 2) == 0);
    LOOK(wcscat_s(Wide, 24, L"!") == 0 && wcscmp(_wcsupr(Wide), L"KEY\\NAME!") == 0);
    return TRUE;
}

static int __cdecl Compare(const void *A, const void *B)
{
    return *(const int *)A - *(const int *)B;
}

static BOOLEAN
Numbers(VOID)
{
    int Values[] = {5, 1, 4, 2, 3}, Key = 4;
    CHAR Text[36], *End;
    WCHAR Wide[36];

    LOOK(atoi(" -12x") == -12 && _atoi64("9000000000") == 9000000000ll && _wtoi(L"77") == 77);
    LOOK(strtol("7fz", &End, 16) == 0x7f && *End == 'z' &&
         strtoul("4294967295", NULL, 10) == MAXULONG);
    LOOK(strtol("99999999999", NULL, 10) == MAXLONG && strtoul("077", NULL, 0) == 63);
    LOOK(_strtoui64("0xffffffffff", NULL, 0) == 0xffffffffffull && abs(-3) == 3);
    LOOK(strcmp(_itoa(-255, Text, 10), "-255") == 0 &&
         strcmp(_ultoa(255, Text, 2), "11111111") == 0);
    LOOK(wcscmp(_itow(-255, Wide, 10), L"-255") == 0 && _itoa_s(12345, Text, 3, 10) != 0);
    qsort(Values, 5, sizeof(Values[0]), Compare);
    LOOK(Values[0] == 1 && Values[2] == 3 && Values[4] == 5);
    LOOK(bsearch(&Key, Values, 5, sizeof(Values[0]), Compare) == &Values[3]);
    srand(1);
    LOOK(rand() == 41 && rand() == 18467);
    LOOK(_rotl(0x80000001, 1) == 3 && _rotr(3, 1) == 0x80000001);
    return TRUE;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return Formats() && Scans() && Texts() && Numbers() ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
