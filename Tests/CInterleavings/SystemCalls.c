#define _GNU_SOURCE
#include "CInterleavings.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

static struct cinterleavings_kernel kernel;
static int has_begun;

void cinterleavings_begin(struct cinterleavings_kernel given) {
    kernel = given;
    has_begun = 1;
}

/// The C library's function of that name. Threads that are here at once find the same one.
#define ORIGINAL(name) \
    static void *found; \
    __typeof__(&name) original = (__typeof__(&name))__atomic_load_n(&found, __ATOMIC_RELAXED); \
    if (!original) { \
        original = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
        __atomic_store_n(&found, (void *)original, __ATOMIC_RELAXED); \
    }

static long answer(long result) {
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
}

static int is_own(int descriptor) { return has_begun && descriptor >= cinterleavings_descriptor_min; }

int clock_gettime(clockid_t clock, struct timespec *time) {
    ORIGINAL(clock_gettime);
    if (!has_begun) return original(clock, time);
    int64_t now = kernel.now();
    time->tv_sec = now / 1000000000;
    time->tv_nsec = now % 1000000000;
    return 0;
}

int socket(int family, int type, int protocol) {
    ORIGINAL(socket);
    return has_begun ? (int)answer(kernel.open()) : original(family, type, protocol);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t count) {
    ORIGINAL(connect);
    return is_own(descriptor) ? (int)answer(kernel.connect(descriptor)) : original(descriptor, address, count);
}

ssize_t recv(int descriptor, void *bytes, size_t count, int flags) {
    ORIGINAL(recv);
    return is_own(descriptor) ? answer(kernel.receive(descriptor, bytes, count))
                              : original(descriptor, bytes, count, flags);
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    ORIGINAL(send);
    return is_own(descriptor) ? answer(kernel.send(descriptor, bytes, count))
                              : original(descriptor, bytes, count, flags);
}

int shutdown(int descriptor, int direction) {
    ORIGINAL(shutdown);
    if (!is_own(descriptor)) return original(descriptor, direction);
    kernel.break_off(descriptor);
    return 0;
}

int close(int descriptor) {
    ORIGINAL(close);
    if (!is_own(descriptor)) return original(descriptor);
    kernel.close(descriptor);
    return 0;
}

int setsockopt(int descriptor, int level, int option, const void *value, socklen_t count) {
    ORIGINAL(setsockopt);
    return is_own(descriptor) ? 0 : original(descriptor, level, option, value, count);
}

int epoll_ctl(int poller, int operation, int descriptor, struct epoll_event *event) {
    ORIGINAL(epoll_ctl);
    if (!is_own(descriptor)) return original(poller, operation, descriptor, event);
    int is_forgotten = operation == EPOLL_CTL_DEL;
    kernel.watch(descriptor, is_forgotten ? 0 : event->data.u64, is_forgotten ? 0 : event->events);
    return 0;
}

static long wait_for_events(struct epoll_event *events, int count, const struct timespec *limit) {
    struct cinterleavings_event told[16];
    if (count > 16) count = 16;
    int ready = kernel.wait(told, count, limit ? limit->tv_sec * 1000000000 + limit->tv_nsec : -1);
    for (int index = 0; index < ready; index++) {
        events[index].events = told[index].flags;
        events[index].data.u64 = told[index].token;
    }
    return ready;
}

// The library waits by the number of the call, because not every C library has a function for it.
long syscall(long number, ...) {
    ORIGINAL(syscall);
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (int index = 0; index < 6; index++) arguments[index] = va_arg(list, long);
    va_end(list);
    if (has_begun && number == SYS_epoll_pwait2) {
        return wait_for_events(
            (struct epoll_event *)arguments[1], (int)arguments[2], (const struct timespec *)arguments[3]);
    }
    return original(
        number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
