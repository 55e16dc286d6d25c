/* SPDX-License-Identifier: MIT */
/* Two machines load the same driver file, joined by a wire: each has its own copy of its globals. */
#include "line.h"

#define OID_TWICE_SENT 0xFF554E02u

static uint32_t
sent_by(struct line_end *end)
{
    uint32_t count = 0, length = sizeof(count), status;

    CHECK_OK(undis_stack_oid(end->stack, false, OID_TWICE_SENT, &count, &length, &status));
    CHECK_EQ(status, 0);
    return count;
}

int
main(void)
{
    static const char *const filters[] = {"twice", NULL};
    struct line line;

    line_up(&line, filters, "", true);
    line_send(&line, 0, 40);
    line_wait(&line, 1, 40);
    CHECK_EQ(sent_by(&line.ends[0]), 40);
    CHECK_EQ(sent_by(&line.ends[1]), 0);
    line_send(&line, 1, 3);
    line_wait(&line, 0, 3);
    CHECK_EQ(sent_by(&line.ends[0]), 40);
    CHECK_EQ(sent_by(&line.ends[1]), 3);
    line_down(&line);
    return 0;
}
