// What glibc hides behind _GNU_SOURCE, and the Glibc module therefore does not show to Swift.
// Including <spawn.h> with that macro set does not help: the include becomes an import of the module that was
// already built without it. So the three functions are declared here as glibc declares them.
#ifndef C_PROCESS_SPAWN_H
#define C_PROCESS_SPAWN_H

#include <spawn.h>

/// Starts the child in a session of its own (glibc's value of POSIX_SPAWN_SETSID).
static const short spawnInOwnSession = 0x80;

int pipe2(int descriptors[2], int flags);

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);

#endif
