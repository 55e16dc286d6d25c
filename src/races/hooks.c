/* SPDX-License-Identifier: MIT */
/* What compilers call before each access with -fsanitize=thread, for drivers built to look for
 * races under undis: no runtime of theirs is linked, each call tells undis_access. Part of the
 * driver, so names here are its own. See include/km/undis/access.h.
 */
#include "undis/access.h"

#include <memory.h>
#include <string.h>

#define HOOK   __attribute__((visibility("hidden")))
#define WRITE  UNDIS_ACCESS_WRITE
#define ATOMIC UNDIS_ACCESS_ATOMIC
/* NOLINTBEGIN(bugprone-reserved-identifier): the compilers' names */

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
void __tsan_vptr_update(void **vptr, void *value);
void __tsan_vptr_read(void **vptr);
void __tsan_read_range(void *address, SIZE_T size);
void __tsan_write_range(void *address, SIZE_T size);
void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);
void *__tsan_memcpy(void *to, const void *from, SIZE_T size);
void *__tsan_memmove(void *to, const void *from, SIZE_T size);
void *__tsan_memset(void *to, int value, SIZE_T size);

HOOK void
__tsan_init(void)
{
}

HOOK void
__tsan_func_entry(void *caller)
{
    (void)caller;
}

HOOK void
__tsan_func_exit(void)
{
}

HOOK void
__tsan_vptr_update(void **vptr, void *value)
{
    (void)value;
    undis_access(vptr, sizeof(*vptr), WRITE);
}

HOOK void
__tsan_vptr_read(void **vptr)
{
    undis_access(vptr, sizeof(*vptr), 0);
}

HOOK void
__tsan_read_range(void *address, SIZE_T size)
{
    undis_access(address, size, 0);
}

HOOK void
__tsan_write_range(void *address, SIZE_T size)
{
    undis_access(address, size, WRITE);
}

/* Accesses */

#define ACCESS(name, size, flags)                                                                  \
    void __tsan_##name##size(void *address);                                                       \
    HOOK void __tsan_##name##size(void *address)                                                   \
    {                                                                                              \
        undis_access(address, size, flags);                                                        \
    }
#define ACCESSES(size)                                                                             \
    ACCESS(read, size, 0)                                                                          \
    ACCESS(write, size, WRITE)                                                                     \
    ACCESS(read_write, size, WRITE)                                                                \
    ACCESS(volatile_read, size, ATOMIC)                                                            \
    ACCESS(volatile_write, size, ATOMIC | WRITE)                                                   \
    ACCESS(unaligned_read, size, 0)                                                                \
    ACCESS(unaligned_write, size, WRITE)                                                           \
    ACCESS(unaligned_read_write, size, WRITE)                                                      \
    ACCESS(unaligned_volatile_read, size, ATOMIC)                                                  \
    ACCESS(unaligned_volatile_write, size, ATOMIC | WRITE)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

/* Atomic operations: all as strong as there are. */

#define FETCH(bits, name, builtin)                                                                 \
    unsigned_##bits __tsan_atomic##bits##_##name(                                                  \
        volatile unsigned_##bits *at, unsigned_##bits value, int order);                           \
    HOOK unsigned_##bits __tsan_atomic##bits##_##name(                                             \
        volatile unsigned_##bits *at, unsigned_##bits value, int order)                            \
    {                                                                                              \
        (void)order;                                                                               \
        undis_access((void *)(ULONG_PTR)at, sizeof(*at), ATOMIC | WRITE);                          \
        return builtin(at, value, __ATOMIC_SEQ_CST);                                               \
    }
#define COMPARE(bits, name)                                                                        \
    int __tsan_atomic##bits##_##name(volatile unsigned_##bits *at, unsigned_##bits *expected,      \
        unsigned_##bits value, int order, int otherwise);                                          \
    HOOK int __tsan_atomic##bits##_##name(volatile unsigned_##bits *at, unsigned_##bits *expected, \
        unsigned_##bits value, int order, int otherwise)                                           \
    {                                                                                              \
        (void)order, (void)otherwise;                                                              \
        undis_access((void *)(ULONG_PTR)at, sizeof(*at), ATOMIC | WRITE);                          \
        return __atomic_compare_exchange_n(                                                        \
            at, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                           \
    }
#define ATOMICS(bits)                                                                              \
    unsigned_##bits __tsan_atomic##bits##_load(const volatile unsigned_##bits *at, int order);     \
    HOOK unsigned_##bits __tsan_atomic##bits##_load(const volatile unsigned_##bits *at, int order) \
    {                                                                                              \
        (void)order;                                                                               \
        undis_access((void *)(ULONG_PTR)at, sizeof(*at), ATOMIC);                                  \
        return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                              \
    }                                                                                              \
    void __tsan_atomic##bits##_store(                                                              \
        volatile unsigned_##bits *at, unsigned_##bits value, int order);                           \
    HOOK void __tsan_atomic##bits##_store(                                                         \
        volatile unsigned_##bits *at, unsigned_##bits value, int order)                            \
    {                                                                                              \
        (void)order;                                                                               \
        undis_access((void *)(ULONG_PTR)at, sizeof(*at), ATOMIC | WRITE);                          \
        __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                             \
    }                                                                                              \
    unsigned_##bits __tsan_atomic##bits##_compare_exchange_val(volatile unsigned_##bits *at,       \
        unsigned_##bits expected, unsigned_##bits value, int order, int otherwise);                \
    HOOK unsigned_##bits __tsan_atomic##bits##_compare_exchange_val(volatile unsigned_##bits *at,  \
        unsigned_##bits expected, unsigned_##bits value, int order, int otherwise)                 \
    {                                                                                              \
        (void)order, (void)otherwise;                                                              \
        undis_access((void *)(ULONG_PTR)at, sizeof(*at), ATOMIC | WRITE);                          \
        __atomic_compare_exchange_n(at, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);  \
        return expected;                                                                           \
    }                                                                                              \
    COMPARE(bits, compare_exchange_strong)                                                         \
    COMPARE(bits, compare_exchange_weak)                                                           \
    FETCH(bits, exchange, __atomic_exchange_n)                                                     \
    FETCH(bits, fetch_add, __atomic_fetch_add)                                                     \
    FETCH(bits, fetch_sub, __atomic_fetch_sub)                                                     \
    FETCH(bits, fetch_and, __atomic_fetch_and)                                                     \
    FETCH(bits, fetch_or, __atomic_fetch_or)                                                       \
    FETCH(bits, fetch_xor, __atomic_fetch_xor)                                                     \
    FETCH(bits, fetch_nand, __atomic_fetch_nand)

typedef UCHAR unsigned_8;
typedef USHORT unsigned_16;
typedef ULONG unsigned_32;
typedef ULONGLONG unsigned_64;

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

HOOK void
__tsan_atomic_thread_fence(int order)
{
    (void)order;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

HOOK void
__tsan_atomic_signal_fence(int order)
{
    (void)order;
}

/* Blocks of bytes: in front of the drivers' C runtime, which is not watched. */

static void
copy(void *to, const void *from, SIZE_T size)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

HOOK void *
memcpy(void *to, const void *from, size_t size)
{
    undis_access((void *)(ULONG_PTR)from, size, 0);
    undis_access(to, size, WRITE);
    copy(to, from, size);
    return to;
}

HOOK void *
memmove(void *to, const void *from, size_t size)
{
    undis_access((void *)(ULONG_PTR)from, size, 0);
    undis_access(to, size, WRITE);
    if ((ULONG_PTR)to - (ULONG_PTR)from >= size)
        copy(to, from, size);
    else
        while (size-- != 0)
            ((unsigned char *)to)[size] = ((const unsigned char *)from)[size];
    return to;
}

HOOK void *
memset(void *to, int value, size_t size)
{
    void *at = to;

    undis_access(to, size, WRITE);
    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(value) : "memory");
    return to;
}

HOOK void *
__tsan_memcpy(void *to, const void *from, SIZE_T size)
{
    return memcpy(to, from, size);
}

HOOK void *
__tsan_memmove(void *to, const void *from, SIZE_T size)
{
    return memmove(to, from, size);
}

HOOK void *
__tsan_memset(void *to, int value, SIZE_T size)
{
    return memset(to, value, size);
}
/* NOLINTEND(bugprone-reserved-identifier) */
