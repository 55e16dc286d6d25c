/* SPDX-License-Identifier: MIT */
/* Notes of frames that a module was given, oldest first. See wire.h.
 *
 * One that goes on overtakes those of its flow that came before it and are still there: nothing is
 * wrong yet, for they may have been dropped. It is when one of them goes on after all.
 *
 *     given A B     B goes on: A is overtaken     A goes on: told
 *
 * Given in calls that ran at the same time they have no order. Nor can equal frames be told apart:
 * those of a slot of keys that has several are never told.
 */
#include "verify/wire.h"

static unsigned
slot_of(uint64_t key)
{
    return key >> 20 & (NOTE_SLOTS - 1);
}

static struct note *
note_at(struct stream *stream, uint32_t number)
{
    return &stream->notes[number & (NOTES - 1)];
}

static bool
alone(const struct stream *stream, const struct note *note)
{
    return stream->pending[slot_of(note->key)] == 1;
}

static void
advance(struct stream *stream)
{
    while (stream->oldest != stream->last && !note_at(stream, stream->oldest)->pending)
        stream->oldest++;
}

void
stream_drop(struct stream *stream, struct note *note)
{
    if (!note->pending)
        return;
    note->pending = false;
    stream->pending[slot_of(note->key)]--;
    advance(stream);
}

struct note *
stream_add(
    struct stream *stream, const struct frame *frame, const struct record *record, uint64_t group)
{
    struct note *note;

    if (stream->last - stream->first == NOTES) {
        note = note_at(stream, stream->first);
        stream_drop(stream, note);
        stream->noted[slot_of(note->key)]--;
        stream->first++;
    }
    note = note_at(stream, stream->last++);
    *note = (struct note){.key = frame->key,
        .flow = frame->flow,
        .record = (struct record *)(uintptr_t)record,
        .serial = record ? record->serial : 0,
        .length = frame->length,
        .group = group,
        .call = stream->calls,
        .quiet = stream->quiet,
        .pending = true};
    stream->pending[slot_of(note->key)]++;
    stream->noted[slot_of(note->key)]++;
    return note;
}

struct note *
stream_find(struct stream *stream, uint64_t key)
{
    if (!stream->pending[slot_of(key)])
        return NULL;
    for (uint32_t k = stream->oldest; k != stream->last; k++) {
        struct note *note = note_at(stream, k);

        if (note->pending && note->key == key)
            return note;
    }
    return NULL;
}

/* Who must go first of @first and @second, which was given later. */
static enum overtaken
order_of(const struct note *first, const struct note *second)
{
    if (first->call != second->call && first->quiet == second->quiet)
        return NOT_OVERTAKEN;
    if (first->group && first->group == second->group)
        return OVERTAKEN_IN_LIST;
    return first->flow && first->flow == second->flow ? OVERTAKEN_IN_FLOW : NOT_OVERTAKEN;
}

enum overtaken
stream_goes(struct stream *stream, struct note *note)
{
    bool known = alone(stream, note);
    enum overtaken late = known ? note->overtaken : NOT_OVERTAKEN;

    for (uint32_t k = stream->oldest; known && note_at(stream, k) != note; k++) {
        struct note *older = note_at(stream, k);

        if (older->pending && !older->overtaken && alone(stream, older))
            older->overtaken = (uint8_t)order_of(older, note);
    }
    stream_drop(stream, note);
    return late;
}

struct note *
stream_left_behind(struct stream *stream, const struct note *note)
{
    uint32_t ago = (stream->last - (uint32_t)(note - stream->notes) - 1) & (NOTES - 1);
    uint32_t number = stream->last - 1 - ago - PASSED;
    struct note *before = note_at(stream, number);

    return ago + PASSED < stream->last - stream->first && before->pending ? before : NULL;
}

bool
stream_has(const struct stream *stream, uint64_t key)
{
    if (!stream->noted[slot_of(key)])
        return false;
    for (uint32_t k = stream->first; k != stream->last; k++)
        if (stream->notes[k & (NOTES - 1)].key == key)
            return true;
    return false;
}

void
stream_enter(struct stream *stream)
{
    stream->calls++;
    stream->inside++;
}

void
stream_leave(struct stream *stream)
{
    if (stream->inside && --stream->inside == 0)
        stream->quiet++;
}
