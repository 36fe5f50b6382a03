#define _GNU_SOURCE
#include "CMeasure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

struct measure_options measure_parse(int count, char **arguments, const char *const names[]) {
    for (int index = 1; index < count; index += 2) {
        const char *const *name = names;
        while (*name && strcmp(*name, arguments[index]) != 0) name++;
        if (!*name) measure_fail("there is no option %s", arguments[index]);
        if (index + 1 == count) measure_fail("%s needs a value", *name);
    }
    return (struct measure_options){count, arguments};
}

const char *measure_option(struct measure_options options, const char *name, const char *fallback) {
    for (int index = 1; index + 1 < options.count; index += 2)
        if (strcmp(options.arguments[index], name) == 0) return options.arguments[index + 1];
    return fallback;
}

const char *measure_required(struct measure_options options, const char *name) {
    const char *value = measure_option(options, name, NULL);
    if (!value) measure_fail("%s is missing", name);
    return value;
}

int64_t measure_number(struct measure_options options, const char *name, int64_t fallback) {
    const char *text = measure_option(options, name, NULL);
    if (!text) return fallback;
    char *end;
    errno = 0;
    int64_t number = strtoll(text, &end, 10);
    if (errno || *end || end == text || number < 0) measure_fail("%s %s is not a whole number", name, text);
    return number;
}

void measure_fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, values);
    va_end(values);
    size_t length = strlen(format);
    if (length == 0 || format[length - 1] != '\n') fputc('\n', stderr);
    exit(1);
}
