/* SPDX-License-Identifier: MIT */
/* A filter module may choose its handlers before each restart: pass with Mode 1 takes no part in
 * sends, with Mode 2 none in receives, and the frames still come through.
 */
#include "line.h"

#include <string.h>

static struct undis_layer
pass_layer(struct undis_stack *stack)
{
    struct undis_layer layers[8];
    int n = undis_stack_layers(stack, layers, 8);

    for (int i = 0; i < n; i++)
        if (strcmp(layers[i].driver, "pass") == 0)
            return layers[i];
    CHECK(!"pass stands on the stack");
    return layers[0];
}

static void
carry(const char *mode, bool sends, bool receives)
{
    static const char *const filters[] = {"pass", NULL};
    struct undis_layer layer;
    struct line line;

    test_case("Mode %s", mode);
    line_up(&line, filters, "", false);
    for (unsigned end = 0; end < 2; end++) {
        struct line_end *e = &line.ends[end];

        CHECK_OK(undis_stack_detach(e->stack, e->filters[0]));
        CHECK_OK(undis_set(e->machine, "pass", "Mode", mode));
        CHECK_OK(undis_stack_attach(e->stack, e->filters[0]));
    }
    line_send(&line, 0, 50);
    line_send(&line, 1, 50);
    line_wait(&line, 0, 50);
    line_wait(&line, 1, 50);
    layer = pass_layer(line.ends[0].stack);
    CHECK_EQ(layer.sent, sends ? 50 : 0);
    CHECK_EQ(layer.indicated, receives ? 50 : 0);
    line_down(&line);
}

int
main(void)
{
    carry("0", true, true);
    carry("1", false, true);
    carry("2", true, false);
    carry("3", false, false);
    return 0;
}
