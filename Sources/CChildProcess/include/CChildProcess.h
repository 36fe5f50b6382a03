// Starts a program that ends with the thread that started it. posix_spawn cannot ask the kernel for that, and Swift
// cannot run between fork and exec. The wrapper only; every decision is made in Swift.
#pragma once

#include <sys/types.h>

/// What a child process begins with. All pointers belong to the caller; `arguments` and `environment` end with a null.
struct cchildprocess_launch {
    const char *path;
    char *const *arguments;
    char *const *environment;
    /// The descriptors that become its standard input, output and error.
    int input;
    int output;
    int error;
};

/// Starts the program as the leader of a session of its own, with no other descriptor than those three, no blocked and no
/// ignored signals, in the directory `/`. The kernel kills it when the calling thread ends.
///
/// Returns its process ID, or the negated error number.
pid_t cchildprocess_start(const struct cchildprocess_launch *launch);
