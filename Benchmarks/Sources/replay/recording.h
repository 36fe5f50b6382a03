// The answer to one query, kept in memory.
#pragma once

#include <CWire.h>

/// What a server has answered in one format.
struct recording {
    /// The DataRows as they came.
    char *rows;
    size_t rows_length;
    int64_t row_count;
    /// The body of the RowDescription; its fields end with the format.
    struct wire_buffer description;
    /// The whole CommandComplete.
    struct wire_buffer command_complete;
};

/// Asks the server for the rows in a format (0 text, 1 binary) and keeps the answer, or exits.
///
/// The greeting receives the messages with which the server let us in.
struct recording record(const char *url, const char *sql, int16_t format, struct wire_buffer *greeting);
