/* SPDX-License-Identifier: MIT */
/* Blocks of bytes. Compilers make calls of these from assignments and loops too. */
#include <memory.h>
#include <string.h>

void *
memcpy(void *to, const void *from, size_t size)
{
    unsigned char *out = to;
    const unsigned char *in = from;

    for (; size >= 8; size -= 8, out += 8, in += 8)
        __builtin_memcpy(out, in, 8);
    while (size-- != 0)
        *out++ = *in++;
    return to;
}

void *
memmove(void *to, const void *from, size_t size)
{
    unsigned char *out = to;
    const unsigned char *in = from;

    if (out <= in || out >= in + size)
        return memcpy(to, from, size);
    while (size-- != 0)
        out[size] = in[size];
    return to;
}

void *
memset(void *to, int value, size_t size)
{
    unsigned char *out = to;
    unsigned long long word = 0x0101010101010101ull * (unsigned char)value;

    for (; size >= 8; size -= 8, out += 8)
        __builtin_memcpy(out, &word, 8);
    while (size-- != 0)
        *out++ = (unsigned char)value;
    return to;
}

int
memcmp(const void *left, const void *right, size_t size)
{
    const unsigned char *l = left, *r = right;

    for (; size != 0; size--, l++, r++) {
        if (*l != *r)
            return *l < *r ? -1 : 1;
    }
    return 0;
}

/* clang makes this of memcmp() == 0. */
int bcmp(const void *left, const void *right, size_t size);
int
bcmp(const void *left, const void *right, size_t size)
{
    return memcmp(left, right, size);
}

void *
memchr(const void *memory, int value, size_t size)
{
    const unsigned char *at = memory;

    for (; size != 0; size--, at++) {
        if (*at == (unsigned char)value)
            return (void *)(size_t)at;
    }
    return NULL;
}
