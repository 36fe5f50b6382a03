// One client of the replay server.
#pragma once

#include "recording.h"

/// What the server can answer.
struct repertoire {
    /// The recordings by format: text, binary. One whose description is empty was not made.
    struct recording recordings[2];
    /// AuthenticationOk … ReadyForQuery, as the real server sent them.
    struct wire_buffer greeting;
};

/// Answers a client until it leaves, and closes the socket.
void serve(const struct repertoire *repertoire, int socket);
