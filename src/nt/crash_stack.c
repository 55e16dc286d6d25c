/* SPDX-License-Identifier: MIT */
/* Two ways down a stack. Unwinding knows every function, but stops at an address that is in none
 * (a call through a wild pointer) and reads tables of the image, which may be gone. Frame pointers
 * are in the stack alone. Both read under a guard.
 */
#include "nt/crash_stack.h"
#include "host/guard.h"
#include "host/maps.h"
#include <string.h>
#include <unwind.h>

#define FRAME_MAX (1u << 20)

struct walk {
    const void *from; /* skip frames until this address, NULL: none */
    void **stack;
    unsigned depth;
};

static _Unwind_Reason_Code
note(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    int exact = 0;
    char *pc = (char *)_Unwind_GetIPInfo(context, &exact);

    if (walk->from && pc == walk->from) {
        walk->depth = 0;
        walk->from = NULL;
    }
    if (walk->depth == CRASH_DEPTH)
        return walk->from ? _URC_NO_REASON : _URC_END_OF_STACK;
    /* Whoever names the lines takes 1 off, since these are return addresses; a signal's is not. */
    walk->stack[walk->depth++] = pc + exact;
    return _URC_NO_REASON;
}

static void
unwind(void *context)
{
    _Unwind_Backtrace(note, context);
}

/* Whether it came to the end. */
static bool
unwind_from(const void *code, void **stack, unsigned *depth)
{
    struct walk walk = {code, stack, 0};
    bool whole = guard_run_for(unwind, &walk, 2000);

    *depth = walk.from ? 0 : walk.depth;
    return whole && !walk.from;
}

unsigned
crash_unwind(const void *code, void **stack)
{
    unsigned depth;

    unwind_from(code, stack, &depth);
    return depth;
}

/* Frames up to the first that is none. */
static unsigned
good_frames(void *const *stack, unsigned depth)
{
    unsigned n = 0;

    while (n < depth && maps_code((char *)stack[n] - 1))
        n++;
    return n;
}

/* From the place of a signal; the instruction itself comes first, wherever it was. */
static unsigned
follow_frames(const struct crash_place *place, void **stack)
{
    uintptr_t at = (uintptr_t)place->fp;
    unsigned n = 0;
    void *pair[2] = {NULL, NULL};

    stack[n++] = (char *)place->pc + 1;
    /* A call that led nowhere has pushed where it came from. */
    if (!maps_code(place->pc) && guard_copy(pair, place->sp, sizeof(*pair)) &&
        maps_code((char *)pair[0] - 1))
        stack[n++] = pair[0];
    while (n < CRASH_DEPTH && !(at & 7) && guard_copy(pair, (void *)at, sizeof(pair))) {
        uintptr_t next = (uintptr_t)pair[0];

        if (!maps_code((char *)pair[1] - 1))
            break;
        stack[n++] = pair[1];
        if (next <= at || next - at > FRAME_MAX)
            break;
        at = next;
    }
    return n;
}

void
crash_stack(struct crash *crash)
{
    void *frames[CRASH_DEPTH];
    bool code = !crash->place.sp || maps_code(crash->place.pc), whole = false;
    unsigned good, followed = 0;

    if (code)
        whole = unwind_from(crash->code, crash->stack, &crash->depth);
    good = good_frames(crash->stack, crash->depth);
    /* The outermost function has a caller at 0. */
    whole = whole && good && good + 1 >= crash->depth;
    if (crash->place.sp)
        followed = follow_frames(&crash->place, frames);
    if (followed > good) {
        memcpy(crash->stack, frames, followed * sizeof(*frames));
        crash->depth = followed;
        whole = false;
    } else if (good) {
        crash->depth = good;
    }
    if (!whole)
        crash->missing = "what called this cannot be read: the stack is overwritten, or its "
                         "functions are not known";
}
