/* SPDX-License-Identifier: MIT */
/* What is wrong in an INF is told with file, line and column, and leaves nothing behind. */
#include "inf.h"

static void
refused(struct undis *machine, const char *text, const char *phrase)
{
    const char *service = NULL;

    inf_put(text);
    inf_refused(undis_driver_inf(machine, NULL, inf_path, &service), -EINVAL, phrase);
    CHECK(!service);
}

static const struct {
    const char *line, *phrase;
} lines[] = {
    {"HKR, Ndi\\params\\Depth, tpye, 0, int\n",
        ".inf:20:24: unknown key 'tpye' of parameter Depth; "
        "the nearest is 'type'"},
    {"HKR, Ndi\\params\\Depth, type, 0, float\n", ".inf:20:33: unknown type 'float'"},
    {"HKR, Ndi\\params\\Depth\\enmu, 0, 0, x\n", "there is 'enum'"},
    {"HKR, Ndi\\Interfaces, UperRange, 0, x\n", ".inf:20:22: unknown key 'UperRange' of "
                                                "Ndi\\Interfaces; the nearest is 'UpperRange'"},
    {"HKR, Ndi, FilterType, 0x00010001, 3\n", ".inf:20:35: FilterType is 1 (monitoring)"},
    {"HKR, Ndi, FilterRunType, 0x00010001, x\n", "FilterRunType is 1 (mandatory)"},
    {"HKX, , Value, 0, x\n", ".inf:20:1: unknown root key 'HKX'"},
    {"HKR, , Value, 0x00010001, seven\n", ".inf:20:27: not a number of 32 bits: 'seven'"},
    {"HKR, , Value, 1, 0, gg\n", "not a byte in hexadecimal: 'gg'"},
    {"HKR, , Value, 0x00990001, 1\n", "unknown type of value"},
    {"HKR, , Value, often, 1\n", "flags are no number"},
    {"HKR, , Value, 0, \"no end\n", ".inf:20:18: a string that does not end on its line"},
    {"[Broken\n", ".inf:20:1: a section's name has no ']'"},
};

int
main(void)
{
    struct undis *machine = test_machine();

    refused(machine, "Key = value\n", ".inf:1:1: a line before the first section");
    refused(machine, "", "there is no Signature");
    refused(machine, "[Version]\nSignature = \"$Windows NT$\"\n", "no section [Manufacturer]");
    refused(
        machine, "[Version]\nSignature = x\n[Manufacturer]\nA = B, NTx86\n", ".inf:3:1: no models");
    refused(machine,
        "[Version]\nSignature = x\n[Manufacturer]\nA = B, NTamd64\n[B.NTamd64]\nC = Gone, x\n",
        ".inf:6:5: there is no section [Gone]");
    inf_write("[V]\0", 4);
    inf_refused(undis_driver_inf(machine, NULL, inf_path, NULL), -EINVAL, "neither UTF-8 nor");
    inf_refused(undis_driver_inf(machine, NULL, "/no/such.inf", NULL), -ENOENT, "/no/such.inf: No");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        refused(machine, inf_text("Net", "Thing", lines[i].line), lines[i].phrase);
    CHECK_OK(undis_set(machine, "Thing", "Depth", "anything"));
    test_machine_end(machine);
    return 0;
}
