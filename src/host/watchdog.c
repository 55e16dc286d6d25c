/* SPDX-License-Identifier: MIT */
/* The watchdog: a timer on the thread's CPU clock, a realtime signal, and a comparison. */
#include "host/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define WATCH_SIGNAL  (SIGRTMAX - 3)
#define TICK          250000000 /* ns of CPU time */
#define HANDLER_STACK (128u << 10)

/* Of the thread; the handler runs in the same thread. */
struct watcher {
    struct watch *watch;
    bool made;
    timer_t timer;
    void *stack; /* the alternate stack, when the thread had none */
};

static __thread struct watcher self __attribute__((tls_model("initial-exec")));
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static uint64_t
cpu_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
tick(int signal, siginfo_t *info, void *registers)
{
    struct watch *watch = self.watch;
    int error = errno;
    uint64_t now, progress;

    (void)signal;
    (void)info;
    (void)registers;
    if (watch) {
        now = cpu_time();
        progress = __atomic_load_n(watch->progress, __ATOMIC_RELAXED);
        if (progress != watch->seen || watch->since == 0) {
            watch->seen = progress;
            watch->since = now;
        } else if (now - watch->since >= watch->seconds * 1000000000ull) {
            watch->since = now;
            watch->late(watch->context);
        }
    }
    errno = error;
}

static void
thread_ends(void *watcher)
{
    struct watcher *gone = watcher;
    stack_t off = {.ss_flags = SS_DISABLE};

    timer_delete(gone->timer);
    gone->made = false;
    if (gone->stack) {
        sigaltstack(&off, NULL);
        munmap(gone->stack, HANDLER_STACK);
        gone->stack = NULL;
    }
}

/* A forked child has no timers. */
static void
forget(void)
{
    self.made = false;
}

static void
install(void)
{
    struct sigaction action = {
        .sa_sigaction = tick, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};

    sigemptyset(&action.sa_mask);
    sigaction(WATCH_SIGNAL, &action, NULL);
    pthread_key_create(&key, thread_ends);
    pthread_atfork(NULL, NULL, forget);
}

static void
give_stack(void)
{
    stack_t old = {0}, mine = {.ss_size = HANDLER_STACK};

    if (sigaltstack(NULL, &old) != 0 || !(old.ss_flags & SS_DISABLE))
        return;
    mine.ss_sp = mmap(NULL, HANDLER_STACK, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mine.ss_sp != MAP_FAILED && sigaltstack(&mine, NULL) == 0)
        self.stack = mine.ss_sp;
}

/* Without a timer there is no watchdog, and nothing else is lost. */
static void
make_timer(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = WATCH_SIGNAL};
    struct itimerspec period = {{0, TICK}, {0, TICK}};

    pthread_once(&once, install);
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    give_stack();
    if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &self.timer) != 0)
        return;
    pthread_setspecific(key, &self);
    timer_settime(self.timer, 0, &period, NULL);
}

void
watchdog_enter(struct watch *watch)
{
    watch->outer = self.watch;
    watch->since = 0;
    if (watch->seconds && !self.made) {
        self.made = true;
        make_timer();
    }
    self.watch = watch->seconds ? watch : NULL;
}

void
watchdog_leave(struct watch *watch)
{
    self.watch = watch->outer;
    if (self.watch)
        self.watch->since = 0;
}
