// What the Glibc module of Swift does not import: epoll, eventfd and calls that Linux added to POSIX.
// Wrappers only; every decision is made in Swift. _GNU_SOURCE stays undefined, because it would change the types of
// constants that the importing file takes from Glibc.
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// One event without the packing of `struct epoll_event`, which Swift cannot express.
struct csystemio_event {
    uint32_t events;
    uint64_t token;
};

static inline int csystemio_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

/// Registers a descriptor, edge-triggered, for both directions.
static inline int csystemio_epoll_add(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

/// Changes a registration: both directions, edge-triggered, or nothing. What is ready by then is reported again.
static inline int csystemio_epoll_arm(int epoll, int descriptor, uint64_t token, int is_armed) {
    uint32_t events = is_armed ? EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET : EPOLLET;
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event);
}

/// Registers a descriptor, level-triggered, for reading.
static inline int csystemio_epoll_add_level(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

static inline int csystemio_epoll_remove(int epoll, int descriptor) {
    struct epoll_event event = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event);
}

enum { csystemio_events_max = 64 };

/// Waits in milliseconds, rounded up: what every kernel can do.
static inline int csystemio_epoll_wait_coarse(int epoll, struct epoll_event *events, int count, int64_t nanoseconds) {
    int64_t milliseconds = nanoseconds < 0 ? -1 : (nanoseconds + 999999) / 1000000;
    return epoll_wait(epoll, events, count, milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds);
}

/// Waits for events; a negative timeout waits for ever. Linux before 5.11 and some sandboxes have no nanoseconds.
static inline int csystemio_epoll_wait(int epoll, struct csystemio_event *out, int count, int64_t nanoseconds) {
    struct epoll_event events[csystemio_events_max];
    if (count > csystemio_events_max) count = csystemio_events_max;
#ifdef SYS_epoll_pwait2
    struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    int ready = (int)syscall(SYS_epoll_pwait2, epoll, events, count, nanoseconds < 0 ? NULL : &limit, NULL, 0);
    if (ready < 0 && (errno == ENOSYS || errno == EPERM)) {
        ready = csystemio_epoll_wait_coarse(epoll, events, count, nanoseconds);
    }
#else
    int ready = csystemio_epoll_wait_coarse(epoll, events, count, nanoseconds);
#endif
    for (int index = 0; index < ready; index++) {
        out[index].events = events[index].events;
        out[index].token = events[index].data.u64;
    }
    return ready;
}

static inline uint32_t csystemio_readable(void) { return EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR; }
static inline uint32_t csystemio_writable(void) { return EPOLLOUT | EPOLLHUP | EPOLLERR; }

static inline int csystemio_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/// Opens a stream socket that is non-blocking and closed on exec.
static inline int csystemio_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// Returns the user that the other end of a Unix-domain socket runs as, or -1. The struct is `ucred` of the manual page
/// unix(7), which the headers show with _GNU_SOURCE only.
static inline int64_t csystemio_peer_user(int descriptor) {
    struct { pid_t process; uid_t user; gid_t group; } peer = {0};
    socklen_t size = sizeof peer;
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? (int64_t)peer.user : -1;
}

/// Returns how many processors the process may run on; -1 where the kernel does not say. The call of the C library is shown
/// with _GNU_SOURCE only, and has room for 1,024 processors.
extern int sched_getaffinity(pid_t process, size_t size, void *set);
static inline int csystemio_processors_allowed(void) {
    unsigned long set[1024 / (8 * sizeof(unsigned long))] = {0};
    if (sched_getaffinity(0, sizeof set, set) != 0) return -1;
    int count = 0;
    for (size_t index = 0; index < sizeof set / sizeof set[0]; index++) count += __builtin_popcountl(set[index]);
    return count;
}

/// Names a thread for `top -H` and debuggers; at most 15 characters.
extern int pthread_setname_np(pthread_t thread, const char *name);
static inline int csystemio_name_thread(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }
