// What a program asks of the kernel, answered by the program itself. The functions of these names in SystemCalls.c stand
// before the C library's. In C, because the Swift runtime calls some of them while it makes what Swift code needs.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Descriptors from here on are sockets of the program's own kernel.
enum { cinterleavings_descriptor_min = 1 << 20 };

/// One thing that became ready.
struct cinterleavings_event {
    uint64_t token;
    uint32_t flags;
};

/// Who answers. Results below zero are error numbers, negated.
struct cinterleavings_kernel {
    /// The time in nanoseconds, of any clock.
    int64_t (*now)(void);
    int (*open)(void);
    int (*connect)(int descriptor);
    int64_t (*receive)(int descriptor, void *bytes, size_t count);
    int64_t (*send)(int descriptor, const void *bytes, size_t count);
    void (*break_off)(int descriptor);
    void (*close)(int descriptor);
    /// Has events of the descriptor told with the token; flags of zero forget it.
    void (*watch)(int descriptor, uint64_t token, uint32_t flags);
    /// Waits for at most so many nanoseconds, below zero for ever, and returns how many events there are.
    int (*wait)(struct cinterleavings_event *events, int count, int64_t nanoseconds);
};

/// From now on this kernel answers; until then the system's does.
void cinterleavings_begin(struct cinterleavings_kernel kernel);
