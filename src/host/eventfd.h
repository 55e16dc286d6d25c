/* SPDX-License-Identifier: MIT */
/* A descriptor that is readable while something is signalled. */
#pragma once

/* The descriptor, not blocking, closed by exec; or -errno. */
int host_eventfd_create(void);
void host_eventfd_ring(int fd);
void host_eventfd_drain(int fd);
void host_eventfd_close(int fd);
