#define _GNU_SOURCE
#include "CWire.h"

#include <CMeasure.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { URL_PART_MAX = 256 };

/// The parts of a URL that say where to go.
struct address {
    char user[URL_PART_MAX], host[URL_PART_MAX], port[URL_PART_MAX], database[URL_PART_MAX];
};

/// Copies a part without its percent signs; an empty one leaves the default.
static void copy_part(char *target, const char *start, const char *end) {
    if (start == end) return;
    size_t length = 0;
    for (const char *next = start; next < end; length++) {
        if (length + 1 == URL_PART_MAX) measure_fail("a part of the URL is too long");
        unsigned int byte = (unsigned char)*next++;
        if (byte == '%' && end - next >= 2 && sscanf(next, "%2x", &byte) == 1) next += 2;
        target[length] = (char)byte;
    }
    target[length] = 0;
}

static void parse_parameters(struct address *address, const char *next) {
    while (*next) {
        const char *end = strchrnul(next, '&'), *equals = memchr(next, '=', (size_t)(end - next));
        if (!equals) measure_fail("a parameter of the URL has no value");
        char name[URL_PART_MAX] = "", value[URL_PART_MAX] = "";
        copy_part(name, next, equals);
        copy_part(value, equals + 1, end);
        char *part = strcmp(name, "host") == 0     ? address->host
                     : strcmp(name, "port") == 0   ? address->port
                     : strcmp(name, "user") == 0   ? address->user
                     : strcmp(name, "dbname") == 0 ? address->database
                                                   : NULL;
        if (part) memcpy(part, value, sizeof value);
        bool wants_tls = strncmp(value, "verify", 6) == 0 || strcmp(value, "require") == 0;
        if (strcmp(name, "sslmode") == 0 && wants_tls) measure_fail("cannot do TLS, sslmode is %s", value);
        next = *end ? end + 1 : end;
    }
}

/// Reads `postgres://user:password@host:port/database?name=value&…`; the password is not needed.
static struct address parse(const char *url) {
    struct address address = {.user = "postgres", .host = "/var/run/postgresql", .port = "5432"};
    const char *next = strstr(url, "://");
    if (strncmp(url, "postgres", 8) != 0 || !next) measure_fail("this is no postgres URL");
    next += 3;
    const char *end = next + strcspn(next, "/?"), *at = memrchr(next, '@', (size_t)(end - next));
    if (at) {
        const char *colon = memchr(next, ':', (size_t)(at - next));
        copy_part(address.user, next, colon ? colon : at);
        next = at + 1;
    }
    const char *colon = memrchr(next, ':', (size_t)(end - next));
    copy_part(address.host, next, colon ? colon : end);
    if (colon) copy_part(address.port, colon + 1, end);
    if (*end == '/') {
        next = end + 1;
        end = next + strcspn(next, "?");
        copy_part(address.database, next, end);
    }
    if (*end == '?') parse_parameters(&address, end + 1);
    if (!*address.database) memcpy(address.database, address.user, sizeof address.user);
    return address;
}

static int open_unix(const struct address *address) {
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int length = snprintf(place.sun_path, sizeof place.sun_path, "%s/.s.PGSQL.%s", address->host, address->port);
    if (length >= (int)sizeof place.sun_path) measure_fail("the path of the socket is too long");
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(descriptor, (struct sockaddr *)&place, sizeof place) != 0) measure_fail("%s: %m", place.sun_path);
    return descriptor;
}

static int open_tcp(const struct address *address) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *places;
    int error = getaddrinfo(address->host, address->port, &hints, &places);
    if (error) measure_fail("%s: %s", address->host, gai_strerror(error));
    int descriptor = -1;
    for (struct addrinfo *place = places; place && descriptor < 0; place = place->ai_next) {
        descriptor = socket(place->ai_family, place->ai_socktype | SOCK_CLOEXEC, place->ai_protocol);
        if (connect(descriptor, place->ai_addr, place->ai_addrlen) == 0) break;
        close(descriptor);
        descriptor = -1;
    }
    freeaddrinfo(places);
    if (descriptor < 0) measure_fail("%s:%s: %m", address->host, address->port);
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

static void send_startup(int socket, const struct address *address) {
    struct wire_buffer buffer = {0};
    const char *parameters[] = {"user", address->user, "database", address->database, "client_encoding", "UTF8"};
    wire_begin(&buffer, 0);
    wire_int32(&buffer, 3 << 16);
    for (size_t index = 0; index < sizeof parameters / sizeof *parameters; index++)
        wire_string(&buffer, parameters[index]);
    wire_string(&buffer, "");
    wire_end(&buffer);
    if (!wire_send(socket, buffer.bytes, buffer.length)) measure_fail("could not send the start-up message: %m");
    free(buffer.bytes);
}

/// Returns whether the message ends the start-up.
static bool is_ready(const char *message, size_t length) {
    const char *body = message + WIRE_HEADER;
    if (message[0] == 'E') measure_fail("%s", wire_error_message(body, length - WIRE_HEADER));
    if (message[0] == 'R' && measure_big_endian_32(body) != 0)
        measure_fail("the server asks for authentication %u, but must trust", measure_big_endian_32(body));
    return message[0] == 'Z';
}

int wire_connect(const char *url, struct wire_buffer *greeting) {
    struct address address = parse(url);
    int socket = address.host[0] == '/' ? open_unix(&address) : open_tcp(&address);
    send_startup(socket, &address);
    struct wire_buffer own = {0}, *answer = greeting ? greeting : &own;
    char bytes[4096];
    for (size_t walked = 0;;) {
        ssize_t received = recv(socket, bytes, sizeof bytes, 0);
        if (received <= 0) measure_fail("the server has closed the connection during start-up");
        wire_bytes(answer, bytes, (size_t)received);
        while (answer->length - walked >= WIRE_HEADER) {
            size_t length = 1 + measure_big_endian_32(answer->bytes + walked + 1);
            if (answer->length - walked < length) break;
            if (is_ready(answer->bytes + walked, length)) {
                free(own.bytes);
                return socket;
            }
            walked += length;
        }
    }
}
