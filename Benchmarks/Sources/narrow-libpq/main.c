// The yardstick: libpq in single-row mode with binary results, each value taken out and summed.
//
//     narrow-libpq <connection string>

#include <endian.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static int64_t cpu_nanoseconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

// getrusage would give the peak of the program that started this one.
static long peak_resident_kib(void) {
    long kibibytes = 0;
    char line[256];
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) sscanf(line, "VmHWM: %ld", &kibibytes);
    if (file) fclose(file);
    return kibibytes;
}

static int64_t wall_nanoseconds(void) {
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    return clock.tv_sec * 1000000000LL + clock.tv_nsec;
}

static uint64_t big_endian_64(const char *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return be64toh(value);
}

static int64_t row_sum(const PGresult *row) {
    uint32_t a;
    memcpy(&a, PQgetvalue(row, 0, 1), 4);
    uint64_t bits = big_endian_64(PQgetvalue(row, 0, 2));
    double b;
    memcpy(&b, &bits, 8);
    return (int64_t)big_endian_64(PQgetvalue(row, 0, 0)) + (int32_t)be32toh(a) + (int64_t)b;
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: narrow-libpq <connection string>\n");
        return 2;
    }
    int64_t cpu = cpu_nanoseconds(), wall = wall_nanoseconds();
    PGconn *connection = PQconnectdb(arguments[1]);
    const char *query = "SELECT id, a, b FROM narrow";
    if (PQstatus(connection) != CONNECTION_OK
        || !PQsendQueryParams(connection, query, 0, NULL, NULL, NULL, NULL, 1)
        || !PQsetSingleRowMode(connection)) {
        fprintf(stderr, "narrow-libpq: %s", PQerrorMessage(connection));
        return 1;
    }
    int64_t rows = 0, sum = 0;
    for (PGresult *result; (result = PQgetResult(connection)); PQclear(result)) {
        switch (PQresultStatus(result)) {
        case PGRES_SINGLE_TUPLE:
            rows++;
            sum += row_sum(result);
            break;
        case PGRES_TUPLES_OK:
            break;
        default:
            fprintf(stderr, "narrow-libpq: %s", PQresultErrorMessage(result));
            return 1;
        }
    }
    PQfinish(connection);
    cpu = cpu_nanoseconds() - cpu;
    wall = wall_nanoseconds() - wall;
    printf("rows=%" PRId64 " sum=%" PRId64 " cpu_ns=%" PRId64 " wall_ns=%" PRId64 " rss_kib=%ld\n",
           rows, sum, cpu, wall, peak_resident_kib());
    return 0;
}
