// The yardstick: libpq, from whichever library file is named, each value taken out and summed.
//
//     client-libpq --url URL --workload NAME --sql SQL [--columns SPEC] [--operations N]
//         [--mode single-text | single-binary | chunked-binary] [--chunk ROWS] [--libpq PATH]
#include <stdio.h>
#include <CMeasure.h>
#include <poll.h>

#include "libpq.h"

static struct libpq pq;

/// How the rows of a query are asked for and read.
struct mode {
    bool binary;
    /// Rows of a chunk, or 0 for single rows.
    int chunk_rows;
    /// A letter for each column.
    const char *kinds;
};

static PGconn *connect(const char *url) {
    PGconn *connection = pq.PQconnectdb(url);
    if (pq.PQstatus(connection) != CONNECTION_OK) measure_fail("%s\n", pq.PQerrorMessage(connection));
    return connection;
}

/// The kinds that follow from the types of the columns, for a caller who names none.
static const char *kinds_of(const PGresult *result) {
    int columns = pq.PQnfields(result);
    char *kinds = calloc((size_t)columns + 1, 1);
    for (int column = 0; column < columns; column++) {
        Oid type = pq.PQftype(result, column);
        kinds[column] = type == 20 || type == 21 || type == 23 ? 'i' : type == 701 ? 'f' : 'b';
    }
    return kinds;
}

static void check_shape(struct mode *mode, const PGresult *result) {
    if (!mode->kinds) mode->kinds = kinds_of(result);
    if (pq.PQnfields(result) != (int)strlen(mode->kinds))
        measure_fail("%d columns came, --columns names %zu", pq.PQnfields(result), strlen(mode->kinds));
    for (int column = 0; column < pq.PQnfields(result); column++)
        if (pq.PQfformat(result, column) != mode->binary) measure_fail("the rows came in the other format");
}

static void add(struct measurement *measurement, const struct mode *mode, const PGresult *result) {
    int rows = pq.PQntuples(result), columns = pq.PQnfields(result);
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            const char *value = pq.PQgetvalue(result, row, column);
            int length = pq.PQgetlength(result, row, column);
            char kind = mode->kinds[column];
            measurement->bytes += length;
            measurement->sum += mode->binary ? measure_binary(kind, value, length) : measure_text(kind, value, length);
        }
    }
    measurement->rows += rows;
}

static void send(PGconn *connection, const char *sql, const struct mode *mode) {
    if (!pq.PQsendQueryParams(connection, sql, 0, NULL, NULL, NULL, NULL, mode->binary)
        || !(mode->chunk_rows ? pq.PQsetChunkedRowsMode(connection, mode->chunk_rows)
                              : pq.PQsetSingleRowMode(connection)))
        measure_fail("%s\n", pq.PQerrorMessage(connection));
}

static void stream(struct measurement *measurement, const char *url, const char *sql, struct mode mode) {
    PGconn *connection = connect(url);
    measurement_start(measurement);
    send(connection, sql, &mode);
    for (PGresult *result; (result = pq.PQgetResult(connection)); pq.PQclear(result)) {
        switch ((int)pq.PQresultStatus(result)) {
        case PGRES_SINGLE_TUPLE:
        case LIBPQ_TUPLES_CHUNK:
            if (measurement->rows == 0) {
                measurement_first(measurement);
                check_shape(&mode, result);
            }
            add(measurement, &mode, result);
            break;
        case PGRES_TUPLES_OK: break;
        default: measure_fail("%s\n", pq.PQresultErrorMessage(result));
        }
    }
    measurement_stop(measurement);
    pq.PQfinish(connection);
}

/// Sends the number of the operation as an int4 and takes it back.
static void operate(struct measurement *measurement, PGconn *connection, int32_t number) {
    uint32_t argument = htobe32((uint32_t)number);
    const char *values[] = {(const char *)&argument};
    const int lengths[] = {sizeof argument}, formats[] = {1};
    PGresult *result = pq.PQexecPrepared(connection, "roundtrip", 1, values, lengths, formats, 1);
    if (pq.PQresultStatus(result) != PGRES_TUPLES_OK) measure_fail("%s\n", pq.PQerrorMessage(connection));
    add(measurement, &(struct mode){.binary = true, .kinds = "i"}, result);
    pq.PQclear(result);
}

static void round_trips(struct measurement *measurement, const char *url, const char *sql, int64_t operations) {
    PGconn *connection = connect(url);
    PGresult *prepared = pq.PQprepare(connection, "roundtrip", sql, 0, NULL);
    if (pq.PQresultStatus(prepared) != PGRES_COMMAND_OK) measure_fail("%s\n", pq.PQerrorMessage(connection));
    pq.PQclear(prepared);
    int64_t *latencies = measure_latencies(operations);
    measurement_start(measurement);
    for (int64_t number = 0; number < operations; number++) {
        int64_t start = measure_now();
        operate(measurement, connection, (int32_t)number);
        latencies[number] = measure_now() - start;
    }
    measurement_stop(measurement);
    measurement_latencies(measurement, latencies, operations);
    pq.PQfinish(connection);
}

static const char *const load_table =
    "CREATE TEMPORARY TABLE loaded (id int8, name text, score float8, flag bool, made timestamptz)";

/// Statements that may be unanswered at a time.
static const int64_t pipeline_window = 1000;

/// Queues a statement with the number of the operation.
static void queue(PGconn *connection, int32_t number) {
    uint32_t argument = htobe32((uint32_t)number);
    const char *values[] = {(const char *)&argument};
    const int lengths[] = {sizeof argument}, formats[] = {1};
    if (!pq.PQsendQueryPrepared(connection, "pipeline", 1, values, lengths, formats, 1))
        measure_fail("%s\n", pq.PQerrorMessage(connection));
}

/// A row of the table that is loaded, as text, which costs less than to turn the same numbers into binary.
static void queue_row(PGconn *connection, int32_t number) {
    char id[16], name[32], score[32];
    snprintf(id, sizeof id, "%d", number);
    snprintf(name, sizeof name, "name of %d", number);
    snprintf(score, sizeof score, "%.1f", number / 2.0);
    const char *values[] = {id, name, score, number % 2 == 0 ? "t" : "f", "infinity"};
    if (!pq.PQsendQueryPrepared(connection, "pipeline", 5, values, NULL, NULL, 1))
        measure_fail("%s\n", pq.PQerrorMessage(connection));
}

/// Sends what libpq has queued, and waits until the server has said something or takes more.
static void exchange(PGconn *connection) {
    int unsent = pq.PQflush(connection);
    if (unsent < 0) measure_fail("%s\n", pq.PQerrorMessage(connection));
    if (!pq.PQisBusy(connection)) return;
    struct pollfd poller = {.fd = pq.PQsocket(connection), .events = unsent ? POLLIN | POLLOUT : POLLIN};
    poll(&poller, 1, -1);
    if (!pq.PQconsumeInput(connection)) measure_fail("%s\n", pq.PQerrorMessage(connection));
}

/// Sends statements in pipeline mode with one Sync at the end, and reads their results meanwhile.
static void pipelined(struct measurement *measurement, const char *url, const char *sql, int64_t operations,
                      void (*queue)(PGconn *, int32_t)) {
    PGconn *connection = connect(url);
    if (queue == queue_row) {
        pq.PQclear(pq.PQprepare(connection, "table", load_table, 0, NULL));
        pq.PQclear(pq.PQexecPrepared(connection, "table", 0, NULL, NULL, NULL, 0));
    }
    pq.PQclear(pq.PQprepare(connection, "pipeline", sql, 0, NULL));
    pq.PQsetnonblocking(connection, 1);
    pq.PQenterPipelineMode(connection);
    measurement_start(measurement);
    for (int64_t sent = 0; measurement->rows < operations;) {
        int64_t until = measurement->rows + pipeline_window;
        if (until > operations) until = operations;
        while (sent < until) {
            queue(connection, (int32_t)sent++);
            if (sent == operations) pq.PQpipelineSync(connection);
        }
        exchange(connection);
        while (measurement->rows < sent && !pq.PQisBusy(connection)) {
            PGresult *result = pq.PQgetResult(connection);
            if (!result) continue;
            ExecStatusType status = pq.PQresultStatus(result);
            if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
                measure_fail("%s\n", pq.PQerrorMessage(connection));
            measurement->sum += status == PGRES_TUPLES_OK ? pq.PQntuples(result) : 1;
            measurement->rows++;
            pq.PQclear(result);
        }
    }
    measurement_stop(measurement);
    pq.PQfinish(connection);
}

/// Takes the data of a COPY row by row, as it comes.
static void copy_out(struct measurement *measurement, const char *url, const char *sql) {
    PGconn *connection = connect(url);
    char statement[1024];
    if (snprintf(statement, sizeof statement, "COPY (%s) TO STDOUT (FORMAT binary)", sql) >= (int)sizeof statement)
        measure_fail("the query is too long");
    measurement_start(measurement);
    PGresult *result = pq.PQexec(connection, statement);
    if (pq.PQresultStatus(result) != PGRES_COPY_OUT) measure_fail("%s\n", pq.PQerrorMessage(connection));
    pq.PQclear(result);
    char *data;
    for (int length; (length = pq.PQgetCopyData(connection, &data, 0)) > 0; pq.PQfreemem(data)) {
        if (measurement->rows == 0) measurement_first(measurement);
        measurement->rows++;
        measurement->bytes += length;
    }
    // The trailer is a message as well.
    measurement->rows--;
    while ((result = pq.PQgetResult(connection))) pq.PQclear(result);
    measurement_stop(measurement);
    pq.PQfinish(connection);
}

static void connects(struct measurement *measurement, const char *url, int64_t operations) {
    int64_t *latencies = measure_latencies(operations);
    measurement_start(measurement);
    for (int64_t number = 0; number < operations; number++) {
        int64_t start = measure_now();
        pq.PQfinish(connect(url));
        latencies[number] = measure_now() - start;
        measurement->rows++;
    }
    measurement_stop(measurement);
    measurement_latencies(measurement, latencies, operations);
}

static struct mode mode_of(struct measure_options options) {
    const char *name = measure_option(options, "--mode", "single-binary");
    struct mode mode = {.binary = true, .kinds = measure_option(options, "--columns", NULL)};
    if (strcmp(name, "chunked-binary") == 0) {
        if (!pq.PQsetChunkedRowsMode) measure_fail("libpq %d has no chunked rows", pq.PQlibVersion());
        mode.chunk_rows = (int)measure_number(options, "--chunk", 1000);
    } else if (strcmp(name, "single-text") == 0) {
        mode.binary = false;
    } else if (strcmp(name, "single-binary") != 0) {
        measure_fail("there is no mode %s", name);
    }
    return mode;
}

int main(int count, char **arguments) {
    const char *const names[] = {"--url",  "--workload", "--sql",   "--columns", "--operations",
                                 "--mode", "--chunk",    "--libpq", NULL};
    struct measure_options options = measure_parse(count, arguments, names);
    const char *url = measure_required(options, "--url"), *workload = measure_required(options, "--workload");
    int64_t operations = measure_number(options, "--operations", 1000);
    libpq_load(&pq, measure_option(options, "--libpq", "libpq.so.5"));
    struct measurement measurement;
    if (strcmp(workload, "roundtrip") == 0)
        round_trips(&measurement, url, measure_option(options, "--sql", "SELECT $1::int4"), operations);
    else if (strcmp(workload, "pipeline") == 0)
        pipelined(&measurement, url, measure_option(options, "--sql", "SELECT $1::int4"), operations, queue);
    else if (strcmp(workload, "load") == 0)
        pipelined(&measurement, url, "INSERT INTO loaded VALUES ($1, $2, $3, $4, $5)", operations, queue_row);
    else if (strcmp(workload, "copy-out") == 0 || strcmp(workload, "copy-rows") == 0)
        copy_out(&measurement, url, measure_required(options, "--sql"));
    else if (strcmp(workload, "connect") == 0)
        connects(&measurement, url, operations);
    else
        stream(&measurement, url, measure_required(options, "--sql"), mode_of(options));
    measurement_print(&measurement);
    return 0;
}
