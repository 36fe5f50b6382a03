#include "CWire.h"

#include <CMeasure.h>
#include <errno.h>
#include <sys/socket.h>

void wire_bytes(struct wire_buffer *buffer, const void *bytes, size_t length) {
    if (buffer->capacity - buffer->length < length) {
        buffer->capacity = (buffer->length + length) * 2 + 256;
        buffer->bytes = realloc(buffer->bytes, buffer->capacity);
        if (!buffer->bytes) measure_fail("there is no memory for a message");
    }
    if (length > 0) memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void wire_int16(struct wire_buffer *buffer, int16_t value) {
    uint16_t bytes = htobe16((uint16_t)value);
    wire_bytes(buffer, &bytes, sizeof bytes);
}

void wire_int32(struct wire_buffer *buffer, int32_t value) {
    uint32_t bytes = htobe32((uint32_t)value);
    wire_bytes(buffer, &bytes, sizeof bytes);
}

void wire_string(struct wire_buffer *buffer, const char *text) { wire_bytes(buffer, text, strlen(text) + 1); }

void wire_begin(struct wire_buffer *buffer, char type) {
    if (type != 0) wire_bytes(buffer, &type, 1);
    buffer->length_at = buffer->length;
    wire_int32(buffer, 0);
}

void wire_end(struct wire_buffer *buffer) {
    uint32_t length = htobe32((uint32_t)(buffer->length - buffer->length_at));
    memcpy(buffer->bytes + buffer->length_at, &length, sizeof length);
}

void wire_query(struct wire_buffer *buffer, const char *sql, int16_t format, bool describe) {
    wire_begin(buffer, 'P');
    wire_string(buffer, "");
    wire_string(buffer, sql);
    wire_int16(buffer, 0);
    wire_end(buffer);
    wire_begin(buffer, 'B');
    wire_string(buffer, "");
    wire_string(buffer, "");
    wire_int16(buffer, 0);
    wire_int16(buffer, 0);
    wire_int16(buffer, 1);
    wire_int16(buffer, format);
    wire_end(buffer);
    if (describe) {
        wire_begin(buffer, 'D');
        wire_string(buffer, "P");
        wire_end(buffer);
    }
    wire_begin(buffer, 'E');
    wire_string(buffer, "");
    wire_int32(buffer, 0);
    wire_end(buffer);
    wire_begin(buffer, 'S');
    wire_end(buffer);
}

bool wire_send(int socket, const void *bytes, size_t length) {
    const char *next = bytes;
    while (length > 0) {
        ssize_t sent = send(socket, next, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return false;
        next += sent;
        length -= (size_t)sent;
    }
    return true;
}

const char *wire_error_message(const char *body, size_t length) {
    for (const char *field = body, *end = body + length; field < end && *field != 0;) {
        const char *zero = memchr(field, 0, (size_t)(end - field));
        if (!zero) break;
        if (*field == 'M') return field + 1;
        field = zero + 1;
    }
    return "an error without a message";
}
