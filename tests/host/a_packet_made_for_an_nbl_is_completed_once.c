/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 5 that completes a packet twice is told, where the packet was made for an NBL of
 * a protocol of NDIS 6 and went with the first completion.
 */
#include "capture.h"
#include "shell.h"

#include "lib/machine.h"

int
main(void)
{
    char script[1024];

    shell_enter();
    capture_write("in.pcap", 40);
    snprintf(script, sizeof(script),
        "ln -s '%s' miniport5.s5_complete_packet_identity__again.so && "
        "$UNDIS run --simulated --duration 1 --top pcap:in=in.pcap --protocol frames "
        "--miniport ./miniport5.s5_complete_packet_identity__again.so",
        test_driver_path("miniport5"));
    child_expect(shell(script), UNDIS_EXIT_BUG_CHECK,
        "s5-complete-packet-identity: miniport5.s5_complete_packet_identity__again completed "
        "packet");
    return 0;
}
