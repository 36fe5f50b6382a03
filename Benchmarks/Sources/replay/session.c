// Every query gets the recorded answer, except for the commands that clients put around a query (BEGIN, SET, …): those
// get their tag, and the transaction status that follows from them.
#define _GNU_SOURCE
#include "session.h"

#include <CMeasure.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    INPUT_SIZE = 1 << 20,
    COMMAND_SIZE = 16,
    CODE_CANCEL = 80877102,
    CODE_TLS = 80877103,
    CODE_GSS = 80877104,
};

struct session {
    const struct repertoire *repertoire;
    int socket;
    /// Answers that wait for a Sync, a Flush or rows.
    struct wire_buffer output;
    /// What has arrived: 0 <= start <= end <= INPUT_SIZE.
    char *input;
    size_t start, end;
    /// What ReadyForQuery tells of the transaction.
    char status;
    /// Whether everything up to the next Sync is to be passed over.
    bool failed;
    /// The command word of the unnamed statement; empty where it is the recorded query, as all named ones are.
    char command[COMMAND_SIZE];
    /// The portal: a command, or a recording and the bytes of its rows that have been sent.
    char portal_command[COMMAND_SIZE];
    const struct recording *recording;
    size_t position;
};

static bool flush(struct session *session) {
    bool sent = wire_send(session->socket, session->output.bytes, session->output.length);
    session->output.length = 0;
    return sent;
}

static void put_empty(struct session *session, char type) {
    wire_begin(&session->output, type);
    wire_end(&session->output);
}

static void put_ready(struct session *session) {
    wire_begin(&session->output, 'Z');
    wire_bytes(&session->output, &session->status, 1);
    wire_end(&session->output);
    session->failed = false;
}

static void put_error(struct session *session, const char *code, const char *message) {
    wire_begin(&session->output, 'E');
    wire_string(&session->output, "SERROR");
    wire_string(&session->output, "VERROR");
    wire_bytes(&session->output, "C", 1);
    wire_string(&session->output, code);
    wire_bytes(&session->output, "M", 1);
    wire_string(&session->output, message);
    wire_string(&session->output, "");
    wire_end(&session->output);
    session->failed = true;
}

static void put_tag(struct session *session, const char *tag) {
    wire_begin(&session->output, 'C');
    wire_string(&session->output, tag);
    wire_end(&session->output);
}

static bool is_recorded(const struct recording *recording) { return recording->description.length > 0; }

static const struct recording *any_recording(const struct repertoire *repertoire) {
    return &repertoire->recordings[is_recorded(&repertoire->recordings[0]) ? 0 : 1];
}

/// Copies the first word in capitals where it is one of the commands around a query, or nothing.
static void find_command(char command[COMMAND_SIZE], const char *sql) {
    static const char *const commands[] = {"BEGIN", "START",   "COMMIT", "END",        "ROLLBACK", "SET",
                                           "RESET", "DISCARD", "CLOSE",  "DEALLOCATE", "UNLISTEN", NULL};
    char word[COMMAND_SIZE] = "";
    while (isspace((unsigned char)*sql)) sql++;
    for (int length = 0; length + 1 < COMMAND_SIZE && isalpha((unsigned char)sql[length]); length++)
        word[length] = (char)toupper((unsigned char)sql[length]);
    command[0] = 0;
    for (const char *const *name = commands; *name; name++)
        if (strcmp(*name, word) == 0) memcpy(command, word, COMMAND_SIZE);
}

static void run_command(struct session *session, const char *command) {
    if (strcmp(command, "BEGIN") == 0 || strcmp(command, "START") == 0) session->status = 'T';
    bool ends = strcmp(command, "COMMIT") == 0 || strcmp(command, "END") == 0 || strcmp(command, "ROLLBACK") == 0;
    if (ends) session->status = 'I';
    put_tag(session, command);
}

/// Adds the RowDescription; that of a statement does not know the formats yet.
static void put_description(struct session *session, const struct recording *recording, bool of_statement) {
    wire_begin(&session->output, 'T');
    size_t start = session->output.length;
    wire_bytes(&session->output, recording->description.bytes, recording->description.length);
    wire_end(&session->output);
    if (!of_statement) return;
    char *field = session->output.bytes + start + 2, *end = session->output.bytes + session->output.length;
    while (field < end) {
        // Behind the name: table, column, type, size, modifier; then the format.
        field += strlen(field) + 1 + 4 + 2 + 4 + 2 + 4;
        memset(field, 0, 2);
        field += 2;
    }
}

/// The bytes of the portal's rest, or of so many rows of it; counts the rows, by walking over them only where it must.
static size_t take_rows(const struct session *session, int32_t rows_max, int64_t *rows) {
    size_t rest = session->recording->rows_length - session->position, length = 0;
    *rows = session->recording->row_count;
    if (rows_max <= 0 && session->position == 0) return rest;
    for (*rows = 0; length < rest && (rows_max <= 0 || *rows < rows_max); ++*rows)
        length += 1 + measure_big_endian_32(session->recording->rows + session->position + length + 1);
    return length;
}

/// Sends rows straight from memory, and what ends them.
static bool execute(struct session *session, int32_t rows_max) {
    if (*session->portal_command) {
        run_command(session, session->portal_command);
        return true;
    }
    if (!session->recording) {
        put_error(session, "34000", "there is no portal");
        return true;
    }
    int64_t rows;
    bool resumed = session->position > 0;
    size_t length = take_rows(session, rows_max, &rows);
    if (!flush(session) || !wire_send(session->socket, session->recording->rows + session->position, length))
        return false;
    session->position += length;
    const struct wire_buffer *complete = &session->recording->command_complete;
    if (rows_max > 0 && rows == rows_max) {
        put_empty(session, 's');
    } else if (rows_max > 0 || resumed) {
        char tag[32];
        snprintf(tag, sizeof tag, "SELECT %lld", (long long)rows);
        put_tag(session, tag);
    } else {
        wire_bytes(&session->output, complete->bytes, complete->length);
    }
    return true;
}

static bool simple_query(struct session *session, const char *sql) {
    char command[COMMAND_SIZE];
    find_command(command, sql);
    memcpy(session->portal_command, command, COMMAND_SIZE);
    session->recording = any_recording(session->repertoire);
    session->position = 0;
    if (!*command) put_description(session, session->recording, false);
    if (!execute(session, 0)) return false;
    session->recording = NULL;
    put_ready(session);
    return flush(session);
}

static void parse_statement(struct session *session, const char *body) {
    if (*body == 0) find_command(session->command, body + 1);
    put_empty(session, '1');
}

/// Finds the format that a Bind asks for; only the first column's counts.
static int16_t bound_format(const char *statement) {
    const char *next = statement + strlen(statement) + 1;
    next += 2 + 2 * measure_big_endian_16(next);
    int parameters = measure_big_endian_16(next);
    next += 2;
    for (int parameter = 0; parameter < parameters; parameter++) {
        int32_t length = (int32_t)measure_big_endian_32(next);
        next += 4 + (length > 0 ? length : 0);
    }
    return measure_big_endian_16(next) > 0 ? (int16_t)measure_big_endian_16(next + 2) : 0;
}

static void bind_portal(struct session *session, const char *body) {
    const char *statement = body + strlen(body) + 1;
    session->portal_command[0] = 0;
    if (*statement == 0) memcpy(session->portal_command, session->command, COMMAND_SIZE);
    session->recording = &session->repertoire->recordings[bound_format(statement) == 1];
    session->position = 0;
    if (!*session->portal_command && !is_recorded(session->recording)) {
        session->recording = NULL;
        put_error(session, "0A000", "the answer was not recorded in this format");
    } else {
        put_empty(session, '2');
    }
}

static void describe(struct session *session, const char *body) {
    bool of_statement = *body == 'S';
    if (of_statement) {
        wire_begin(&session->output, 't');
        wire_int16(&session->output, 0);
        wire_end(&session->output);
    }
    const char *command = !of_statement ? session->portal_command : body[1] == 0 ? session->command : "";
    const struct recording *recording = of_statement ? any_recording(session->repertoire) : session->recording;
    if (*command || !recording)
        put_empty(session, 'n');
    else
        put_description(session, recording, of_statement);
}

/// Answers one message; returns false when the session is over.
static bool answer(struct session *session, char type, const char *body) {
    if (session->failed && type != 'S' && type != 'X') return true;
    switch (type) {
    case 'Q': return simple_query(session, body);
    case 'P': parse_statement(session, body); return true;
    case 'B': bind_portal(session, body); return true;
    case 'D': describe(session, body); return true;
    case 'E': return execute(session, (int32_t)measure_big_endian_32(body + strlen(body) + 1));
    case 'C': put_empty(session, '3'); return true;
    case 'H': return flush(session);
    case 'S': put_ready(session); return flush(session);
    case 'X': return false;
    default: fprintf(stderr, "replay: cannot answer a message of type %c\n", type); return false;
    }
}

/// Waits until so many bytes lie at the start of the input.
static bool need(struct session *session, size_t length) {
    if (length > INPUT_SIZE) return false;
    if (session->start + length > INPUT_SIZE) {
        memmove(session->input, session->input + session->start, session->end - session->start);
        session->end -= session->start;
        session->start = 0;
    }
    while (session->end - session->start < length) {
        ssize_t received = recv(session->socket, session->input + session->end, INPUT_SIZE - session->end, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received <= 0) return false;
        session->end += (size_t)received;
    }
    return true;
}

/// Tells a client that wants a newer minor version, or protocol options, that there are none here.
static void put_negotiation(struct session *session, const char *parameters, uint32_t version) {
    struct wire_buffer options = {0};
    int32_t count = 0;
    for (const char *name = parameters; *name;) {
        const char *value = name + strlen(name) + 1;
        if (strncmp(name, "_pq_.", 5) == 0) {
            wire_string(&options, name);
            count++;
        }
        name = value + strlen(value) + 1;
    }
    if (version != 3 << 16 || count > 0) {
        wire_begin(&session->output, 'v');
        wire_int32(&session->output, 3 << 16);
        wire_int32(&session->output, count);
        wire_bytes(&session->output, options.bytes, options.length);
        wire_end(&session->output);
    }
    free(options.bytes);
}

/// Lets the client in; returns false where it wanted something else.
static bool start(struct session *session) {
    while (need(session, 8)) {
        const char *message = session->input + session->start;
        uint32_t length = measure_big_endian_32(message), code = measure_big_endian_32(message + 4);
        if (length < 8 || code == CODE_CANCEL || !need(session, length)) return false;
        message = session->input + session->start;
        session->start += length;
        if (code == CODE_TLS || code == CODE_GSS) {
            if (!wire_send(session->socket, "N", 1)) return false;
            continue;
        }
        if (code >> 16 != 3) return false;
        const struct wire_buffer *greeting = &session->repertoire->greeting;
        put_negotiation(session, message + 8, code);
        wire_bytes(&session->output, greeting->bytes, greeting->length);
        return flush(session);
    }
    return false;
}

void serve(const struct repertoire *repertoire, int socket) {
    struct session session = {
        .repertoire = repertoire, .socket = socket, .status = 'I', .input = malloc(INPUT_SIZE)};
    bool goes_on = session.input && start(&session);
    while (goes_on && need(&session, WIRE_HEADER)) {
        size_t length = 1 + measure_big_endian_32(session.input + session.start + 1);
        if (length < WIRE_HEADER || !need(&session, length)) break;
        const char *message = session.input + session.start;
        session.start += length;
        goes_on = answer(&session, *message, message + WIRE_HEADER);
    }
    close(socket);
    free(session.output.bytes);
    free(session.input);
}
