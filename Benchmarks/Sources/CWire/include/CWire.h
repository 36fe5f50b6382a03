// As much of the frontend/backend protocol as the sink and the replay server need: messages are put together, a server
// that asks for no password is reached, and a query is asked.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /// The bytes of a message's type and length.
    WIRE_HEADER = 5,
    /// The bytes of a ReadyForQuery.
    WIRE_READY_FOR_QUERY = 6,
};

/// Messages that are being put together.
struct wire_buffer {
    char *bytes;
    size_t length, capacity;
    /// Where the length of the message that is being written stands.
    size_t length_at;
};

/// Begins a message; type 0 is the start-up message, which has none.
void wire_begin(struct wire_buffer *buffer, char type);
void wire_bytes(struct wire_buffer *buffer, const void *bytes, size_t length);
void wire_int16(struct wire_buffer *buffer, int16_t value);
void wire_int32(struct wire_buffer *buffer, int32_t value);
/// Adds a text and the zero behind it.
void wire_string(struct wire_buffer *buffer, const char *text);
void wire_end(struct wire_buffer *buffer);

/// Adds Parse, Bind, Describe where it is wanted, Execute and Sync.
void wire_query(struct wire_buffer *buffer, const char *sql, int16_t format, bool describe);

/// Sends everything, and returns whether the peer was there to take it.
bool wire_send(int socket, const void *bytes, size_t length);

/// Returns the primary message of an ErrorResponse's body.
const char *wire_error_message(const char *body, size_t length);

/// Connects to a server that trusts, and returns the socket once it is ready for a query, or exits.
///
/// The greeting, where it is wanted, receives all messages of the server's up to ReadyForQuery.
int wire_connect(const char *url, struct wire_buffer *greeting);
