/* SPDX-License-Identifier: MIT */
/* Sorting, searching, pseudo-random numbers, absolute values. */
#include <stdlib.h>
#include <string.h>

static void
swap(unsigned char *left, unsigned char *right, size_t size)
{
    while (size-- != 0) {
        unsigned char kept = left[size];

        left[size] = right[size];
        right[size] = kept;
    }
}

static void
sift_down(unsigned char *base, size_t root, size_t count, size_t size,
    int (*compare)(const void *, const void *))
{
    for (;;) {
        size_t child = root * 2 + 1;

        if (child >= count)
            return;
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + root * size, base + child * size) >= 0)
            return;
        swap(base + root * size, base + child * size, size);
        root = child;
    }
}

/* A heap sort: no recursion, so no depth of kernel stack. */
void
qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    size_t i;

    for (i = count / 2; i-- != 0;)
        sift_down(base, i, count, size, compare);
    for (i = count; i-- > 1;) {
        swap(base, (unsigned char *)base + i * size, size);
        sift_down(base, 0, i, size, compare);
    }
}

void *
bsearch(const void *key, const void *base, size_t count, size_t size,
    int (*compare)(const void *, const void *))
{
    const unsigned char *low = base;

    while (count != 0) {
        const unsigned char *middle = low + count / 2 * size;
        int order = compare(key, middle);

        if (order == 0)
            return (void *)(size_t)middle;
        if (order > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}

static unsigned seed = 1;

void
srand(unsigned value)
{
    seed = value;
}

/* 0 .. RAND_MAX (0x7fff). One sequence per driver copy, as it is one data segment. */
int
rand(void)
{
    seed = seed * 214013u + 2531011u;
    return (int)(seed >> 16 & 0x7fff);
}

int
abs(int value)
{
    return value < 0 ? -value : value;
}

int
labs(int value)
{
    return value < 0 ? -value : value;
}
