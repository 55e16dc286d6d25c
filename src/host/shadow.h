/* SPDX-License-Identifier: MIT */
/* What differs between a plain build and one with ASan or TSan, for the host and the executive.
 * In a plain build every function here is empty.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define SHADOW true

static inline void
shadow_close(const void *start, size_t size)
{
    __asan_poison_memory_region(start, size);
}

static inline void
shadow_open(const void *start, size_t size)
{
    __asan_unpoison_memory_region(start, size);
}

/* Whether any byte of it is closed. */
static inline bool
shadow_is_closed(const void *start, size_t size)
{
    return __asan_region_is_poisoned((void *)(uintptr_t)start, size) != NULL;
}

/* The shadow bytes of an 8-byte aligned range: size / 8 of them. */
static inline char *
shadow_of(const void *start)
{
    size_t scale, offset;

    __asan_get_shadow_mapping(&scale, &offset);
    return (char *)(((uintptr_t)start >> scale) + offset);
}

/* @fn is called when somebody has touched what is closed, before the process ends. Process-wide. */
static inline void
shadow_tell(void (*fn)(const char *text))
{
    __asan_set_error_report_callback(fn);
}

/* ASan's symbolizer is a process that it forks at the first report. That must not happen on a fibre:
 * its stack is shared memory, on which parent and child would both run. So it starts now. */
static inline void
shadow_prepare(void)
{
    char line[64];

    __sanitizer_symbolize_pc(__builtin_return_address(0), "%f %L", line, sizeof(line));
}

/* In such a call: what was touched, by the code before which address. */
static inline const void *
shadow_touched(const void **code)
{
    *code = __asan_get_report_pc();
    return __asan_get_report_address();
}

#else
#define SHADOW false

static inline void
shadow_tell(void (*fn)(const char *text))
{
    (void)fn;
}

static inline void
shadow_prepare(void)
{
}

static inline const void *
shadow_touched(const void **code)
{
    return *code = NULL;
}

static inline void
shadow_close(const void *start, size_t size)
{
    (void)start;
    (void)size;
}

static inline void
shadow_open(const void *start, size_t size)
{
    (void)start;
    (void)size;
}

static inline bool
shadow_is_closed(const void *start, size_t size)
{
    (void)start;
    (void)size;
    return false;
}

static inline char *
shadow_of(const void *start)
{
    (void)start;
    return NULL;
}
#endif

#ifdef __SANITIZE_THREAD__
#define RACES true
#else
#define RACES false
#endif

/* Of a function in which ThreadSanitizer looks at nothing but atomic accesses. */
#define UNWATCHED __attribute__((no_sanitize("thread")))

/* ThreadSanitizer may stop in the middle of its own work, with its locks: what runs on from there must
 * be another thread to it. */
#ifdef __SANITIZE_THREAD__
void *__tsan_create_fiber(unsigned flags);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void __tsan_func_entry(void *caller);

static inline void *
shadow_spare(void)
{
    return __tsan_create_fiber(0);
}

/* A function of ThreadSanitizer's. */
static inline const void *
shadow_function(void)
{
    return (const void *)__tsan_func_entry;
}

#define SHADOW_FRAMES 16

/* In a function that is not looked at. Never back. The spare thread has a stack of calls of its own,
 * which is empty: those who return now, as this function, were never put there. */
static inline __attribute__((always_inline)) void
shadow_go_to_spare(void *spare)
{
    __tsan_switch_to_fiber(spare, 1);
    for (unsigned k = 0; k < SHADOW_FRAMES; k++)
        __tsan_func_entry(__builtin_return_address(0));
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}
#else
static inline void *
shadow_spare(void)
{
    return NULL;
}

static inline const void *
shadow_function(void)
{
    return NULL;
}

static inline void
shadow_go_to_spare(void *spare)
{
    (void)spare;
}
#endif

/* @fn is called when a sanitizer is about to end the process. Process-wide. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
void __sanitizer_set_death_callback(void (*fn)(void));

static inline void
shadow_tell_death(void (*fn)(void))
{
    __sanitizer_set_death_callback(fn);
}
#else
static inline void
shadow_tell_death(void (*fn)(void))
{
    (void)fn;
}
#endif

/* Copies and clears that no sanitizer looks at: poisoned memory and the shadow itself. */
static inline void
raw_copy(void *to, const void *from, size_t size)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

static inline void
raw_clear(void *to, size_t size)
{
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(0) : "memory");
}
