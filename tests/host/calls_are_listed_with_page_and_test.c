/* SPDX-License-Identifier: MIT */
/* undis api needs no machine: figures per tier, of each call its status, page and test. The
 * completion for bash takes its words from the tool.
 */
#include "shell.h"

int
main(void)
{
    shell_enter();
    child_expect(shell("$UNDIS api"), 0, "of  263 are here");
    child_expect(&shell_child, 0, "T0+T1");
    child_expect(&shell_child, 0, "of  443 are here");
    child_expect(shell("$UNDIS api --json"), 0, "\"T0\":{\"present\":");
    child_expect(shell("$UNDIS api NdisAllocateSpinLock"), 0, "T0       exported");
    child_expect(&shell_child, 0, "nf-ndis-ndisallocatespinlock.md");
    child_expect(shell("$UNDIS api --json NdisAllocateSpinLock"), 0, "\"status\":\"exported\"");
    child_expect(shell("$UNDIS api NdisNothing"), 1, "NdisNothing: neither a call");
    child_expect(shell("$UNDIS api --list --tier T0 | wc -l"), 0, "263\n");
    child_expect(shell("$UNDIS api --list --tier T9"), 1, "T9: no call has this tier");
    child_expect(shell("$UNDIS api --list NdisAllocateSpinLock"), 2, "usage: undis api");
    child_expect(shell("cat > complete.sh <<'END'\n"
                       ". \"$UNDIS_SOURCE/tool/undis.bash\"\n"
                       "try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _undis; "
                       "echo \"got ${COMPREPLY[*]}\"; }\n"
                       "try \"$UNDIS\" ad\n"
                       "try \"$UNDIS\" run --sim\n"
                       "try \"$UNDIS\" oid net0 get OID_GEN_LINK_SP\n"
                       "try \"$UNDIS\" api NdisAllocateSpin\n"
                       "try \"$UNDIS\" run --miniport port\n"
                       "END\n"
                       "bash complete.sh"),
        0, "got adapters\ngot --simulated\ngot OID_GEN_LINK_SPEED");
    child_expect(&shell_child, 0, "got NdisAllocateSpinLock\ngot portnic\n");
    return 0;
}
