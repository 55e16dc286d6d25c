/* SPDX-License-Identifier: MIT */
/* Copies of a killed process go at the next start; those of a living one stay. */
#include "host/image.h"
#include "image_driver.h"
#include <sys/wait.h>

static void *
resolve(void *context, const char *symbol)
{
    (void)context;
    return strcmp(symbol, "service") ? NULL : (void *)&resolve;
}

static void
leave(const char *name)
{
    FILE *file = fopen(name, "w");

    if (!file || fclose(file))
        exit(1);
}

int
main(void)
{
    const char *path = image_build_driver();
    char dead[128], alive[128], error[512];
    struct image *image;
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    setenv("TMPDIR", image_folder, 1);
    snprintf(dead, sizeof(dead), "%s/undis-%d-1-driver.so", image_folder, (int)child);
    snprintf(alive, sizeof(alive), "%s/undis-%d-77-driver.so", image_folder, (int)getppid());
    leave(dead);
    leave(alive);
    if (image_open(&image, path, resolve, NULL, error, sizeof(error))) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    image_close(image);
    return access(dead, F_OK) == 0 || access(alive, F_OK) != 0;
}
