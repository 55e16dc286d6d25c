/* SPDX-License-Identifier: MIT */
/* A fibre: a stack, and where on it to go on. x86-64, System V. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fibre {
    void *sp;
    void *bottom; /* lowest byte of the stack; of a host's, known after its first switch */
    size_t size;
    void *fake;  /* ASan's, while switched away */
    void *shade; /* TSan's fibre */
};

/* A fibre that will run @fn(@context); @fn must never return. */
void fibre_make(struct fibre *fibre, void *bottom, size_t size, void (*fn)(void *), void *context);
/* After its last switch away. */
void fibre_end(struct fibre *fibre);
/* The stack that runs now becomes @host. */
void fibre_adopt(struct fibre *host);
/* Goes on in @to; comes back when somebody switches to @from. */
void fibre_switch(struct fibre *from, struct fibre *to);
/* The same, and @from never comes back. */
_Noreturn void fibre_switch_last(struct fibre *from, struct fibre *to);
/* First thing in every fibre's @fn. */
void fibre_begin(void);
