/* SPDX-License-Identifier: MIT */
/* What cannot be written is said and makes status 1, be it a port's file or the capture. */
#include "capture.h"
#include "shell.h"

#define STACK "--top pcap:in=in.pcap --protocol frames --miniport portnic "

int
main(void)
{
    shell_enter();
    capture_write("in.pcap", 3); /* less than a buffer: the last chance to find out is at the end */
    child_expect(shell("$UNDIS run " STACK "--bottom pcap:out=/dev/full"), 1,
        "--bottom: /dev/full: not written: No space left");
    child_expect(shell("$UNDIS run --simulated " STACK "--bottom pcapng:out=/dev/full"), 1,
        "--bottom: /dev/full: not written: No space left");
    child_expect(
        shell("$UNDIS run " STACK "--capture /dev/full"), 1, "--capture: capture: /dev/full: ");
    return 0;
}
