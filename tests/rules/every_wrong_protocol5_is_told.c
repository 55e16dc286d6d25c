/* SPDX-License-Identifier: MIT */
/* Every rule that a protocol of NDIS 5 can break is told when tests/rules/wrong/protocol5.c breaks
 * it (s5-ownership-release, s5-free-packet-not-in-flight, s5-zero-oob-not-packet,
 * s5-packet-from-pool, s5-pool-empty-at-free, s5-unchain-before-reinit, r5-transfer-in-receive,
 * r5-getreceivedpacket-context, r5-receivepacket-refcount, r5-receivepacket-zero-on-resources,
 * rg-ndis6-forbidden-calls, s5-status-volatile).
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("protocol5", 18, argc, argv);
}
