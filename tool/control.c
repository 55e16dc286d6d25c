/* SPDX-License-Identifier: MIT */
/* The control socket itself: where it lies, who comes in, whose turn it is. See control.h. */
#include "control.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct control {
    const struct run_state *state;
    bool simulated;
    int socket;
    char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
    pthread_t listener;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    bool stopping;                  /* [L] */
    bool inside;                    /* [L] somebody is in a simulated machine */
    unsigned waiting;               /* [L] clients for their turn */
    struct control_client *clients; /* [L] */
};

const struct run_state *
control_state(const struct control *control)
{
    return control->state;
}

bool
control_simulated(const struct control *control)
{
    return control->simulated;
}

/* Of the one machine of this process; also when a driver has destroyed everything else. */
static char left_behind[sizeof(((struct sockaddr_un *)NULL)->sun_path)];

/* The default folder goes with its last socket. */
static void
remove_socket(void)
{
    char *slash = strrchr(left_behind, '/');

    unlink(left_behind);
    if (slash && slash - left_behind > 6 && strncmp(slash - 6, "/undis", 6) == 0) {
        *slash = 0;
        rmdir(left_behind);
    }
    left_behind[0] = 0;
}

void
control_crashed(void *unused)
{
    (void)unused;
    if (left_behind[0])
        remove_socket();
}

/* Clients come first: the run itself is never done. */
void
control_enter(struct control *control, bool client)
{
    if (!control || !control->simulated)
        return;
    pthread_mutex_lock(&control->lock);
    control->waiting += client;
    while (control->inside || (!client && control->waiting))
        pthread_cond_wait(&control->turn, &control->lock);
    control->waiting -= client;
    control->inside = true;
    pthread_mutex_unlock(&control->lock);
}

void
control_leave(struct control *control)
{
    if (!control || !control->simulated)
        return;
    pthread_mutex_lock(&control->lock);
    control->inside = false;
    pthread_cond_broadcast(&control->turn);
    pthread_mutex_unlock(&control->lock);
}

static void *
client_main(void *context)
{
    struct control_client *client = context;

    control_serve(client);
    pthread_mutex_lock(&client->control->lock);
    client->ended = true;
    pthread_mutex_unlock(&client->control->lock);
    return NULL;
}

/* Joins the threads of clients that have gone, of all when @all. */
static void
reap(struct control *control, bool all)
{
    struct control_client **at = &control->clients;

    pthread_mutex_lock(&control->lock);
    while (*at) {
        struct control_client *client = *at;

        if (!all && !client->ended) {
            at = &client->next;
            continue;
        }
        *at = client->next;
        shutdown(client->socket, SHUT_RDWR);
        pthread_mutex_unlock(&control->lock);
        pthread_join(client->thread, NULL);
        close(client->socket);
        free(client);
        pthread_mutex_lock(&control->lock);
        at = &control->clients;
    }
    pthread_mutex_unlock(&control->lock);
}

static bool
is_stopping(struct control *control)
{
    bool stopping;

    pthread_mutex_lock(&control->lock);
    stopping = control->stopping;
    pthread_mutex_unlock(&control->lock);
    return stopping;
}

static void
admit(struct control *control, int socket)
{
    struct control_client *client = calloc(1, sizeof(*client));

    if (!client) {
        close(socket);
        return;
    }
    client->control = control;
    client->socket = socket;
    pthread_mutex_lock(&control->lock);
    if (control->stopping || pthread_create(&client->thread, NULL, client_main, client)) {
        pthread_mutex_unlock(&control->lock);
        close(socket);
        free(client);
        return;
    }
    client->next = control->clients;
    control->clients = client;
    pthread_mutex_unlock(&control->lock);
}

static void *
listen_main(void *context)
{
    struct control *control = context;

    while (!is_stopping(control)) {
        int socket = accept4(control->socket, NULL, NULL, SOCK_CLOEXEC);

        reap(control, false);
        if (socket >= 0)
            admit(control, socket);
    }
    return NULL;
}

static int
try_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)))
        error = -errno;
    if (fd >= 0)
        close(fd);
    return error;
}

/* A socket whose machine has been killed. */
static bool
is_left_over(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0 && S_ISSOCK(about.st_mode) &&
           try_connect(path) == -ECONNREFUSED;
}

/* $XDG_RUNTIME_DIR/undis/PID; false when there is no such folder to be had. */
static bool
default_path(char *path, size_t size)
{
    const char *base = getenv("XDG_RUNTIME_DIR");
    char folder[64], old[512];
    const struct dirent *entry;
    DIR *all;

    if (!base || *base != '/' || strlen(base) > sizeof(folder) - 8)
        return false;
    snprintf(folder, sizeof(folder), "%s/undis", base);
    if (mkdir(folder, 0700) && errno != EEXIST)
        return false;
    all = opendir(folder);
    while (all && (entry = readdir(all))) {
        snprintf(old, sizeof(old), "%s/%s", folder, entry->d_name);
        if (is_left_over(old))
            unlink(old);
    }
    if (all)
        closedir(all);
    snprintf(path, size, "%s/%d", folder, (int)getpid());
    return true;
}

static int
open_socket(struct control *control, const struct said *asked)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (is_left_over(control->path))
        unlink(control->path);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", control->path);
    control->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (control->socket >= 0 &&
        bind(control->socket, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
        listen(control->socket, 16) == 0) {
        strcpy(left_behind, control->path);
        return 0;
    }
    complain_at(&asked->at, "control", UNDIS_EXIT_FAILED, "%s: %s", control->path,
        errno == EADDRINUSE ? "a running machine has it, or it is no socket" : strerror(errno));
    if (control->socket >= 0)
        close(control->socket);
    return UNDIS_EXIT_FAILED;
}

/* Signals are for the thread of undis run. */
static int
start_listener(struct control *control)
{
    sigset_t all, before;
    int error;

    sigemptyset(&all);
    sigaddset(&all, SIGINT);
    sigaddset(&all, SIGTERM);
    sigaddset(&all, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    error = pthread_create(&control->listener, NULL, listen_main, control);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

int
control_start(
    const struct run_options *options, const struct run_state *state, struct control **started)
{
    struct control *control;
    int error;

    if (options->no_control)
        return 0;
    control = calloc(1, sizeof(*control));
    if (!control)
        return complain("run", UNDIS_EXIT_FAILED, "no memory");
    control->state = state;
    control->simulated = options->simulated;
    if (options->control.text && strlen(options->control.text) >= sizeof(control->path)) {
        free(control);
        return complain_at(&options->control.at, "control", UNDIS_EXIT_USAGE,
            "%s: longer than a socket's path can be", options->control.text);
    }
    if (options->control.text)
        strcpy(control->path, options->control.text);
    else if (!default_path(control->path, sizeof(control->path))) {
        free(control);
        return 0;
    }
    pthread_mutex_init(&control->lock, NULL);
    pthread_cond_init(&control->turn, NULL);
    error = open_socket(control, &options->control);
    if (!error && start_listener(control)) {
        close(control->socket);
        remove_socket();
        error = complain("run", UNDIS_EXIT_FAILED, "no thread for the control socket");
    }
    if (error)
        free(control);
    else
        *started = control;
    return error;
}

void
control_stop(struct control *control)
{
    if (!control)
        return;
    pthread_mutex_lock(&control->lock);
    control->stopping = true;
    pthread_mutex_unlock(&control->lock);
    shutdown(control->socket, SHUT_RDWR);
    pthread_join(control->listener, NULL);
    reap(control, true);
    close(control->socket);
    remove_socket();
    pthread_cond_destroy(&control->turn);
    pthread_mutex_destroy(&control->lock);
    free(control);
}
