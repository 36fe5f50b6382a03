// The raw limit: sends the query and only takes the bytes of the answer from the socket. It decodes nothing, so the sum
// is 0, and what it counts as bytes is what came over the socket.
//
//     client-sink --url URL --workload NAME --sql SQL [--columns SPEC] [--operations N]
//         [--format binary | text] [--nap MICROSECONDS]
//
// The server must trust the client.
#define _GNU_SOURCE
#include <CMeasure.h>
#include <CWire.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECEIVE_SIZE = 256 * 1024,
    /// Longer than the CommandComplete and the ReadyForQuery that end an answer.
    TAIL_SIZE = 64,
    PATIENCE_SECONDS = 60,
};

/// What is received, behind the end of what was received before: the end of the answer may lie in several reads.
static char memory[TAIL_SIZE + RECEIVE_SIZE];
static char *const received_bytes = memory + TAIL_SIZE;

/// The number that ends the tag of a whole CommandComplete which stops right at the end; -1 where there is none.
///
/// Looking at the last bytes costs nothing per row. Rows can only look like the end if they hold these very messages,
/// with lengths that fit, at the end of a read.
static int64_t tag_number(const char *start, const char *end) {
    for (const char *type = end - 1; type >= start; type--) {
        if (*type != 'C' || end - type <= WIRE_HEADER) continue;
        if (measure_big_endian_32(type + 1) != (uint32_t)(end - type) - 1 || end[-1] != 0) continue;
        const char *space = memrchr(type + WIRE_HEADER, ' ', (size_t)(end - type - WIRE_HEADER));
        return space ? strtoll(space + 1, NULL, 10) : 0;
    }
    return -1;
}

/// Fails where the answer begins with an error, behind any ParseComplete and BindComplete.
static void check_no_error(const char *message, const char *end) {
    while (end - message >= WIRE_HEADER && (*message == '1' || *message == '2')) message += WIRE_HEADER;
    if (end - message > WIRE_HEADER && *message == 'E')
        measure_fail("%s", wire_error_message(message + WIRE_HEADER, (size_t)(end - message) - WIRE_HEADER));
}

/// Receives until the answer has ended, and returns the number in its tag.
static int64_t drain(struct measurement *measurement, int socket, const struct timespec *nap) {
    memset(memory, 0, TAIL_SIZE);
    for (bool first = true;; first = false) {
        if (!first && (nap->tv_sec > 0 || nap->tv_nsec > 0)) nanosleep(nap, NULL);
        ssize_t received = recv(socket, received_bytes, RECEIVE_SIZE, 0);
        if (received <= 0) measure_fail("the answer has no end: %m");
        if (measurement->bytes == 0) measurement_first(measurement);
        measurement->bytes += received;
        if (first) check_no_error(received_bytes, received_bytes + received);
        char *end = received_bytes + received, *ready = end - WIRE_READY_FOR_QUERY;
        if (memcmp(ready, "Z\0\0\0\5", 5) == 0) {
            int64_t number = tag_number(ready - (TAIL_SIZE - WIRE_READY_FOR_QUERY), ready);
            if (number >= 0) return number;
        }
        memmove(memory, end - TAIL_SIZE, TAIL_SIZE);
    }
}

/// Connects, and gives up on a server that falls silent.
static int connect_patiently(const char *url) {
    int socket = wire_connect(url, NULL);
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return socket;
}

static void stream(struct measurement *measurement, const char *url, const char *sql, int16_t format, int64_t nap) {
    int socket = connect_patiently(url);
    struct wire_buffer query = {0};
    wire_query(&query, sql, format, false);
    struct timespec wait = {.tv_sec = nap / 1000000, .tv_nsec = nap % 1000000 * 1000};
    measurement_start(measurement);
    if (!wire_send(socket, query.bytes, query.length)) measure_fail("could not send the query: %m");
    measurement->rows = drain(measurement, socket, &wait);
    measurement_stop(measurement);
    close(socket);
}

static void prepare(int socket, const char *sql) {
    struct wire_buffer message = {0};
    wire_begin(&message, 'P');
    wire_string(&message, "roundtrip");
    wire_string(&message, sql);
    wire_int16(&message, 0);
    wire_end(&message);
    wire_begin(&message, 'S');
    wire_end(&message);
    wire_send(socket, message.bytes, message.length);
    // ParseComplete and ReadyForQuery.
    ssize_t received = recv(socket, received_bytes, WIRE_HEADER + WIRE_READY_FOR_QUERY, MSG_WAITALL);
    if (received <= 0 || *received_bytes != '1') measure_fail("could not prepare the statement");
    free(message.bytes);
}

/// Binds the number of the operation as an int4, executes and syncs.
static void put_operation(struct wire_buffer *message, int32_t number) {
    message->length = 0;
    wire_begin(message, 'B');
    wire_string(message, "");
    wire_string(message, "roundtrip");
    wire_int16(message, 1);
    wire_int16(message, 1);
    wire_int16(message, 1);
    wire_int32(message, sizeof number);
    wire_int32(message, number);
    wire_int16(message, 1);
    wire_int16(message, 1);
    wire_end(message);
    wire_begin(message, 'E');
    wire_string(message, "");
    wire_int32(message, 0);
    wire_end(message);
    wire_begin(message, 'S');
    wire_end(message);
}

static void round_trips(struct measurement *measurement, const char *url, const char *sql, int64_t operations) {
    int socket = connect_patiently(url);
    prepare(socket, sql);
    int64_t *latencies = measure_latencies(operations);
    struct wire_buffer message = {0};
    const struct timespec no_nap = {0};
    measurement_start(measurement);
    for (int64_t number = 0; number < operations; number++) {
        int64_t start = measure_now();
        put_operation(&message, (int32_t)number);
        wire_send(socket, message.bytes, message.length);
        measurement->rows += drain(measurement, socket, &no_nap);
        latencies[number] = measure_now() - start;
    }
    measurement_stop(measurement);
    measurement_latencies(measurement, latencies, operations);
    close(socket);
}

static void connects(struct measurement *measurement, const char *url, int64_t operations) {
    int64_t *latencies = measure_latencies(operations);
    measurement_start(measurement);
    for (int64_t number = 0; number < operations; number++) {
        int64_t start = measure_now();
        int socket = wire_connect(url, NULL);
        wire_send(socket, "X\0\0\0\4", 5);
        close(socket);
        latencies[number] = measure_now() - start;
        measurement->rows++;
    }
    measurement_stop(measurement);
    measurement_latencies(measurement, latencies, operations);
}

int main(int count, char **arguments) {
    const char *const names[] = {"--url",    "--workload", "--sql", "--columns", "--operations",
                                 "--format", "--nap",      NULL};
    struct measure_options options = measure_parse(count, arguments, names);
    const char *url = measure_required(options, "--url"), *workload = measure_required(options, "--workload");
    const char *format = measure_option(options, "--format", "binary");
    int64_t operations = measure_number(options, "--operations", 1000), nap = measure_number(options, "--nap", 0);
    // Without this the kernel adds up to 50 µs to every nap.
    prctl(PR_SET_TIMERSLACK, 1);
    struct measurement measurement;
    if (strcmp(workload, "roundtrip") == 0)
        round_trips(&measurement, url, measure_option(options, "--sql", "SELECT $1::int4"), operations);
    else if (strcmp(workload, "connect") == 0)
        connects(&measurement, url, operations);
    else
        stream(&measurement, url, measure_required(options, "--sql"), strcmp(format, "text") != 0, nap);
    measurement_print(&measurement);
    return 0;
}
