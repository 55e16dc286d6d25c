/* SPDX-License-Identifier: MIT */
/* Rings of links: an empty ring points to itself, a link that is in none too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *next, *prev;
};

#define LINK_OWNER(link, type, member) ((type *)((char *)(link)-offsetof(type, member)))

static inline void
link_init(struct link *link)
{
    link->next = link->prev = link;
}

static inline bool
link_alone(const struct link *link)
{
    return link->next == link;
}

/* In front of @where; of a ring's head: at its end. */
static inline void
link_insert(struct link *where, struct link *link)
{
    link->next = where;
    link->prev = where->prev;
    where->prev->next = link;
    where->prev = link;
}

static inline void
link_remove(struct link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    link_init(link);
}
