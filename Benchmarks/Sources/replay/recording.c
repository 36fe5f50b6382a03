#define _GNU_SOURCE
#include "recording.h"

#include <CMeasure.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static const size_t RECORDING_MAX = (size_t)2 << 30;
static const size_t RECEIVE_SIZE = (size_t)1 << 20;

/// Address space for the largest recording; only what is written becomes memory.
static char *reserve(void) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *memory = mmap(NULL, RECORDING_MAX + RECEIVE_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) measure_fail("could not reserve memory for the recording: %m");
    return memory;
}

/// Keeps a message that is no row; returns false for ReadyForQuery.
static bool keep(struct recording *recording, const char *message, size_t length) {
    const char *body = message + WIRE_HEADER;
    size_t body_length = length - WIRE_HEADER;
    switch (*message) {
    case 'T': wire_bytes(&recording->description, body, body_length); return true;
    case 'C': wire_bytes(&recording->command_complete, message, length); return true;
    case 'Z': return false;
    case 'E': measure_fail("%s", wire_error_message(body, body_length));
    case 'n': measure_fail("the query returns no rows");
    // ParseComplete, BindComplete, and what a server says on its own.
    case '1':
    case '2':
    case 'N':
    case 'S': return true;
    default: measure_fail("cannot record a message of type %c", *message);
    }
}

struct recording record(const char *url, const char *sql, int16_t format, struct wire_buffer *greeting) {
    int socket = wire_connect(url, greeting);
    struct wire_buffer query = {0};
    wire_query(&query, sql, format, true);
    if (!wire_send(socket, query.bytes, query.length)) measure_fail("could not send the query: %m");
    free(query.bytes);

    struct recording recording = {.rows = reserve()};
    // Rows stay where they were received; other messages are taken out. rows_length <= filled.
    for (size_t filled = 0; true;) {
        ssize_t received = recv(socket, recording.rows + filled, RECEIVE_SIZE, 0);
        if (received <= 0) measure_fail("the server has closed the connection");
        filled += (size_t)received;
        if (filled > RECORDING_MAX) measure_fail("the answer is larger than 2 GiB");
        while (filled - recording.rows_length >= WIRE_HEADER) {
            char *message = recording.rows + recording.rows_length;
            size_t length = 1 + measure_big_endian_32(message + 1);
            if (filled - recording.rows_length < length) break;
            if (*message == 'D') {
                recording.rows_length += length;
                recording.row_count++;
                continue;
            }
            if (!keep(&recording, message, length)) {
                close(socket);
                return recording;
            }
            filled -= length;
            memmove(message, message + length, filled - recording.rows_length);
        }
    }
}
