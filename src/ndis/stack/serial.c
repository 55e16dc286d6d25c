/* SPDX-License-Identifier: MIT */
/* One call at a time. See serial.h. */
#include "ndis/stack/serial.h"
#include "ndis/stack/legacy.h"

#define OWNED     1u
#define WAITED    2u
#define BIT(work) (4u << (work))

static bool
try_enter(struct serial *serial)
{
    uint32_t word = __atomic_load_n(&serial->word, __ATOMIC_RELAXED);

    while (!(word & OWNED))
        if (__atomic_compare_exchange_n(
                &serial->word, &word, word | OWNED, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

static void
do_works(struct module *module, uint32_t bits)
{
    for (unsigned work = 0; work < SERIAL_WORKS; work++)
        if (bits & BIT(work))
            module->legacy->serial.work[work](module);
}

/* The owner does what was left to him until nothing is, and leaves. At DISPATCH_LEVEL. */
static void
drain(struct module *module)
{
    struct serial *serial = &module->legacy->serial;
    uint32_t word = __atomic_load_n(&serial->word, __ATOMIC_ACQUIRE);

    for (;;) {
        uint32_t bits = word & ~(OWNED | WAITED);

        if (bits) {
            __atomic_and_fetch(&serial->word, ~bits, __ATOMIC_ACQ_REL);
            __atomic_store_n(&serial->inside, block_self->task, __ATOMIC_RELAXED);
            do_works(module, bits);
            word = __atomic_load_n(&serial->word, __ATOMIC_ACQUIRE);
            continue;
        }
        __atomic_store_n(&serial->inside, NULL, __ATOMIC_RELAXED);
        if (__atomic_compare_exchange_n(
                &serial->word, &word, 0, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
            break;
    }
    if (word & WAITED)
        executive_wake(module->machine->executive, &serial->word, 1);
}

void
serial_post(struct module *module, enum serial_work work)
{
    struct serial *serial = &module->legacy->serial;
    KIRQL irql = irql_now();
    uint32_t before;

    if (irql < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    if (serial->off) {
        serial->work[work](module);
    } else {
        before = __atomic_fetch_or(&serial->word, OWNED | BIT(work), __ATOMIC_ACQ_REL);
        if (!(before & OWNED))
            drain(module);
    }
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
}

void
serial_enter(struct module *module)
{
    struct serial *serial = &module->legacy->serial;

    while (!try_enter(serial)) {
        uint32_t word = __atomic_or_fetch(&serial->word, WAITED, __ATOMIC_ACQ_REL);

        if (word & OWNED)
            executive_wait(module->machine->executive, &serial->word, word, EXECUTIVE_FOREVER);
    }
    __atomic_store_n(&serial->inside, block_self->task, __ATOMIC_RELAXED);
}

bool
serial_try_enter(struct module *module)
{
    if (!try_enter(&module->legacy->serial))
        return false;
    __atomic_store_n(&module->legacy->serial.inside, block_self->task, __ATOMIC_RELAXED);
    return true;
}

void
serial_leave(struct module *module)
{
    KIRQL irql = irql_now();

    if (irql < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    drain(module);
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
}

bool
serial_inside(const struct module *module)
{
    return __atomic_load_n(&module->legacy->serial.inside, __ATOMIC_RELAXED) == block_self->task;
}
