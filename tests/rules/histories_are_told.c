/* SPDX-License-Identifier: MIT */
/* A report about an object tells what became of it, a line for each move: what, by which driver, when,
 * at which IRQL, on which processor, from where. Of each kind of object one driver of the rule tests is
 * wrong here, and its report is looked at.
 */
#include "rules/told.h"

static const struct {
    const char *driver;
    const char *moves[6]; /* in this order */
} expected[] = {
    {"miniport.mm_use_after_free", {"made", "freed"}},
    {"miniport.nbl_reserved_volatile",
        {"NdisMIndicateReceiveNetBufferLists", "ProtocolReceiveNetBufferLists",
            "NdisReturnNetBufferLists", "MiniportReturnNetBufferLists"}},
    {"miniport.nbl_double_free", {"NdisMIndicateReceiveNetBufferLists", "freed"}},
    {"miniport.mm_use_after_free__irp", {"made", "freed"}},
    {"miniport.cf_irp_complete_once", {"made", "IofCompleteRequest"}},
    {"miniport.cf_irp_cancel_cleared", {"made", "IofCompleteRequest"}},
    {"miniport.tm_memory_with_active_timer", {"KeInitializeTimer", "KeSetTimer"}},
    {"miniport.tm_callback_after_free", {"made", "NdisSetTimerObject"}},
    {"miniport.dpc_cancel_flush", {"KeInitializeDpc", "KeInsertQueueDpc"}},
    {"miniport.wi_not_queued_twice", {"made", "NdisQueueIoWorkItem"}},
    {"miniport.wi_not_freed_queued", {"made", "NdisQueueIoWorkItem"}},
    {"nic.hw_sharedmem_double_free", {"made", "freed"}},
    {"miniport.cf_pointer_after_close", {"made", "freed"}},
    {"miniport.cf_key_handles_closed", {"made"}},
    {"protocol.st_p_no_handle_after_close",
        {"ProtocolNetPnPEvent", "ended", "NdisCloseAdapterEx", "freed"}},
    {"miniport5.s5_regain_on_complete", {"made", "NdisSendPackets", "MiniportSendPackets",
                                            "NdisMSendComplete", "ProtocolSendComplete"}},
    {"miniport5.r5_in_use_descriptor", {"made", "NdisMIndicateReceivePacket"}},
};

/* The lines of a history are those that begin with a time. */
static bool
has_moves(const char *text, const char *driver, const char *const *moves)
{
    const char *at = strstr(text, "rule=");

    for (unsigned k = 0; at && moves[k]; k++) {
        char line[256];

        at = strstr(at, " ms: ");
        while (at && strncmp(at + 5, moves[k], strlen(moves[k])) != 0 &&
               !(strchr(at, ',') &&
                   memmem(at, (size_t)(strchr(at, ',') - at), moves[k], strlen(moves[k]))))
            at = strstr(at + 1, " ms: ");
        if (!at)
            return false;
        snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
        if (!strstr(line, ", task ") || !strstr(line, ", IRQL ") || !strstr(line, ", processor ") ||
            !strstr(line, ".") || !strstr(line, ":"))
            return false;
        at++;
    }
    return at && strstr(text, driver);
}

static bool
told_so(unsigned which)
{
    static struct child child;
    char argument[112];

    for (unsigned k = 0; k < TRIES; k++) {
        snprintf(argument, sizeof(argument), "%s@%u", expected[which].driver, k);
        child_run(&child, argument, SECONDS);
        if (has_moves(child.text, expected[which].driver, expected[which].moves))
            return true;
    }
    fprintf(stderr, "%s: %s\n", expected[which].driver, child.text);
    return false;
}

int
main(int argc, char **argv)
{
    unsigned failed = 0;

    if (argc > 1)
        return told("miniport", 0, argc, argv);
    for (unsigned k = 0; k < sizeof(expected) / sizeof(expected[0]); k++)
        failed += !told_so(k);
    CHECK_EQ(failed, 0);
    return 0;
}
