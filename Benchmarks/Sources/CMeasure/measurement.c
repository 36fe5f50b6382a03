#define _GNU_SOURCE
#include "CMeasure.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

static int64_t cpu_nanoseconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

/// The allocations so far, or -1 where nobody counts them.
static int64_t allocations(void) {
    static bool looked;
    static uint64_t (*total)(void);
    if (!looked) {
        looked = true;
        total = (uint64_t (*)(void))dlsym(RTLD_DEFAULT, "countmalloc_total");
    }
    return total ? (int64_t)total() : -1;
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

void measurement_start(struct measurement *measurement) {
    allocations();
    *measurement = (struct measurement){
        .p50_nanoseconds = -1,
        .p99_nanoseconds = -1,
        .allocations = allocations(),
        .cpu_nanoseconds = cpu_nanoseconds(),
        .wall_nanoseconds = measure_now(),
    };
}

void measurement_first(struct measurement *measurement) {
    measurement->first_nanoseconds = measure_now() - measurement->wall_nanoseconds;
}

void measurement_stop(struct measurement *measurement) {
    measurement->wall_nanoseconds = measure_now() - measurement->wall_nanoseconds;
    measurement->cpu_nanoseconds = cpu_nanoseconds() - measurement->cpu_nanoseconds;
    if (measurement->allocations >= 0) measurement->allocations = allocations() - measurement->allocations;
}

int64_t *measure_latencies(int64_t count) {
    size_t size = (size_t)(count > 0 ? count : 1) * sizeof(int64_t);
    int64_t *latencies = malloc(size);
    if (!latencies) measure_fail("there is no memory for %" PRId64 " latencies", count);
    memset(latencies, 1, size);
    return latencies;
}

static int compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

void measurement_latencies(struct measurement *measurement, int64_t *nanoseconds, int64_t count) {
    if (count == 0) return;
    measurement->first_nanoseconds = nanoseconds[0];
    qsort(nanoseconds, (size_t)count, sizeof *nanoseconds, compare);
    measurement->p50_nanoseconds = nanoseconds[count / 2];
    measurement->p99_nanoseconds = nanoseconds[count * 99 / 100];
}

void measurement_print(const struct measurement *measurement) {
    printf("rows=%" PRId64 " bytes=%" PRId64 " sum=%" PRId64 " cpu_ns=%" PRId64 " wall_ns=%" PRId64 " rss_kib=%ld"
           " first_ns=%" PRId64 " allocs=%" PRId64,
           measurement->rows, measurement->bytes, (int64_t)measurement->sum, measurement->cpu_nanoseconds,
           measurement->wall_nanoseconds, peak_resident_kib(), measurement->first_nanoseconds,
           measurement->allocations);
    if (measurement->p50_nanoseconds >= 0)
        printf(" p50_ns=%" PRId64 " p99_ns=%" PRId64, measurement->p50_nanoseconds, measurement->p99_nanoseconds);
    putchar('\n');
}
