/* SPDX-License-Identifier: MIT */
/* A frame that goes on before an older one of its flow has done nothing wrong yet: the older one may
 * have been dropped. Only when it comes after all it is late; and then only if it is sure which one it
 * is, and in which order the two were given.
 */
#include "check.h"
#include "verify/wire.h"

#include <stdlib.h>
#include <string.h>

#define KEY(n) ((uint64_t)(n) << 20) /* each a slot of its own */

static struct stream *
new_stream(const char *what)
{
    struct stream *stream = calloc(1, sizeof(*stream));

    test_case("%s", what);
    CHECK(stream);
    return stream;
}

static void
give(struct stream *stream, uint64_t key, uint64_t flow, uint64_t group)
{
    const struct frame frame = {.key = key, .flow = flow};

    stream_add(stream, &frame, NULL, group);
}

/* What is said of the frame when it goes on. */
static enum overtaken
goes(struct stream *stream, uint64_t key)
{
    struct note *note = stream_find(stream, key);

    CHECK(note);
    return stream_goes(stream, note);
}

static void
in_one_call(void)
{
    struct stream *stream = new_stream("one call");

    for (unsigned k = 1; k <= 5; k++)
        give(stream, KEY(k), k == 4 ? 8 : 7, k >= 3 ? 9 : 0);
    CHECK_EQ(goes(stream, KEY(2)), NOT_OVERTAKEN);
    CHECK_EQ(goes(stream, KEY(1)), OVERTAKEN_IN_FLOW);
    CHECK_EQ(goes(stream, KEY(5)), NOT_OVERTAKEN);
    CHECK_EQ(goes(stream, KEY(4)), OVERTAKEN_IN_LIST); /* of another flow, of the same NBL */
    CHECK_EQ(goes(stream, KEY(3)), OVERTAKEN_IN_LIST);
    CHECK(!stream_find(stream, KEY(3)));
    CHECK(stream_has(stream, KEY(3)));
    CHECK(!stream_has(stream, KEY(6)));
    free(stream);
}

static void
of_several_flows(void)
{
    struct stream *stream = new_stream("flows");

    give(stream, KEY(1), 1, 0);
    give(stream, KEY(2), 2, 0);
    give(stream, KEY(3), 0, 0); /* of none */
    CHECK_EQ(goes(stream, KEY(3)), NOT_OVERTAKEN);
    CHECK_EQ(goes(stream, KEY(2)), NOT_OVERTAKEN);
    CHECK_EQ(goes(stream, KEY(1)), NOT_OVERTAKEN);
    free(stream);
}

/* A frame that was dropped, and sent again with the same bytes. */
static void
equal_ones(void)
{
    struct stream *stream = new_stream("equal frames");

    give(stream, KEY(1), 1, 0);
    give(stream, KEY(2), 1, 0);
    CHECK_EQ(goes(stream, KEY(2)), NOT_OVERTAKEN);
    give(stream, KEY(1), 1, 0);
    CHECK_EQ(goes(stream, KEY(1)), NOT_OVERTAKEN);
    free(stream);
}

static void
in_several_calls(void)
{
    struct stream *stream = new_stream("calls");

    stream_enter(stream);
    give(stream, KEY(1), 1, 0);
    stream_enter(stream); /* on another processor */
    give(stream, KEY(2), 1, 0);
    stream_leave(stream);
    stream_leave(stream);
    CHECK_EQ(goes(stream, KEY(2)), NOT_OVERTAKEN);
    CHECK_EQ(goes(stream, KEY(1)), NOT_OVERTAKEN);
    stream_enter(stream);
    give(stream, KEY(3), 1, 0);
    stream_leave(stream);
    stream_enter(stream);
    give(stream, KEY(4), 1, 0);
    stream_leave(stream);
    CHECK_EQ(goes(stream, KEY(4)), NOT_OVERTAKEN);
    CHECK_EQ(goes(stream, KEY(3)), OVERTAKEN_IN_FLOW);
    free(stream);
}

/* More than there is room for; one that does not come. */
static void
many(void)
{
    struct stream *stream = new_stream("many");
    unsigned behind = 0;

    for (unsigned k = 1; k <= 3 * NOTES; k++) {
        struct note *note;

        give(stream, KEY(k), 1, 0);
        if (k == NOTES + 7)
            continue;
        note = stream_find(stream, KEY(k));
        CHECK(note);
        CHECK_EQ(stream_goes(stream, note), NOT_OVERTAKEN);
        note = stream_left_behind(stream, note);
        CHECK(!note || note->key == KEY(NOTES + 7));
        behind += note != NULL;
    }
    CHECK_EQ(behind, 1);
    CHECK(!stream_find(stream, KEY(NOTES + 7)));
    CHECK(!stream_has(stream, KEY(NOTES)));
    CHECK(stream_has(stream, KEY(3 * NOTES)));
    free(stream);
}

int
main(void)
{
    in_one_call();
    of_several_flows();
    equal_ones();
    in_several_calls();
    many();
    return 0;
}
