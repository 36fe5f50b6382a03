// What every client of the benchmark in C shares: its options, its clocks, its checksum and the line that it prints.
#pragma once

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// The arguments of a program, as pairs `--name value`.
struct measure_options {
    int count;
    char **arguments;
};

/// Checks that every argument is one of the names (with their dashes, the last one NULL) with a value, or exits.
struct measure_options measure_parse(int count, char **arguments, const char *const names[]);

/// Returns the value of an option, or the fallback where it is not given.
const char *measure_option(struct measure_options options, const char *name, const char *fallback);

/// Returns the value of an option that must be given, or exits.
const char *measure_required(struct measure_options options, const char *name);

/// Returns the value of an option that is a whole number, or exits.
int64_t measure_number(struct measure_options options, const char *name, int64_t fallback);

/// Prints "program: message" to stderr and exits with 1.
_Noreturn void measure_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// What one run of one client took.
struct measurement {
    int64_t rows;
    int64_t bytes;
    uint64_t sum;
    int64_t cpu_nanoseconds;
    int64_t wall_nanoseconds;
    /// From the start to the first row; 0 until it came.
    int64_t first_nanoseconds;
    /// Allocations, or -1 where libcountmalloc.so is not loaded.
    int64_t allocations;
    /// Latencies of the operations, or -1 where the workload has none.
    int64_t p50_nanoseconds, p99_nanoseconds;
};

/// Begins the span that is measured: the last thing to do before the query is sent.
void measurement_start(struct measurement *measurement);

/// Notes that the first row is there.
void measurement_first(struct measurement *measurement);

/// Ends the span.
void measurement_stop(struct measurement *measurement);

/// Returns room for the latencies of that many operations, resident already, so that taking them faults no page.
int64_t *measure_latencies(int64_t count);

/// Sorts the latencies and keeps their percentiles; the first one counts as the time to the first row.
void measurement_latencies(struct measurement *measurement, int64_t *nanoseconds, int64_t count);

/// Prints the line that the runner reads.
void measurement_print(const struct measurement *measurement);

/// The nanoseconds of a clock that only goes forward.
static inline int64_t measure_now(void) {
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    return clock.tv_sec * 1000000000LL + clock.tv_nsec;
}

// The checksum. A column is of one of four kinds: `i` integer, `f` float8, `b` counted by its length, `x` left out.

static inline uint16_t measure_big_endian_16(const char *bytes) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return be16toh(value);
}

static inline uint32_t measure_big_endian_32(const char *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return be32toh(value);
}

static inline uint64_t measure_big_endian_64(const char *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return be64toh(value);
}

/// What a float8 adds to the checksum: its whole part, or nothing where that does not fit.
static inline uint64_t measure_truncated(double value) {
    return value > -0x1p63 && value < 0x1p63 ? (uint64_t)(int64_t)value : 0;
}

/// What a value in the binary format adds to the checksum; one of no bytes (NULL too) adds nothing.
static inline uint64_t measure_binary(char kind, const char *value, int length) {
    switch (kind) {
    case 'i':
        switch (length) {
        case 8: return measure_big_endian_64(value);
        case 4: return (uint64_t)(int32_t)measure_big_endian_32(value);
        case 2: return (uint64_t)(int16_t)measure_big_endian_16(value);
        case 0: return 0;
        default: measure_fail("an integer of %d bytes", length);
        }
    case 'f': {
        if (length == 0) return 0;
        if (length != 8) measure_fail("a float8 of %d bytes", length);
        uint64_t bits = measure_big_endian_64(value);
        double number;
        memcpy(&number, &bits, sizeof number);
        return measure_truncated(number);
    }
    case 'b': return (uint64_t)length;
    default: return 0;
    }
}

/// What a value in the text format adds to the checksum.
static inline uint64_t measure_text(char kind, const char *value, int length) {
    switch (kind) {
    case 'i': return (uint64_t)strtoll(value, NULL, 10);
    case 'f': return measure_truncated(strtod(value, NULL));
    case 'b': return (uint64_t)length;
    default: return 0;
    }
}
