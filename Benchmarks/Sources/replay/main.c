// A server that plays back one recorded answer from memory, so that the client alone limits a measurement.
//
//     replay --url URL --sql SQL --listen PATH-or-PORT [--format binary | text | both]
//
// Asks the real server, which must trust, for the rows; then listens at the path of a Unix socket (the whole path, with
// the .s.PGSQL.PORT that clients look for) or at a port of 127.0.0.1, prints "ready", and serves until its standard
// input is closed. It lets everybody in, and answers every query with the recording in the format that the client
// binds; a simple query gets the text, or where there is none, rows that their description calls binary. Clients are
// trusted not to send nonsense.
#define _GNU_SOURCE
#include <CMeasure.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "session.h"

static struct repertoire repertoire;
static int listener;

static int listen_unix(const char *path) {
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof place.sun_path) measure_fail("the path of the socket is too long");
    strcpy(place.sun_path, path);
    unlink(path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(descriptor, (struct sockaddr *)&place, sizeof place) != 0) measure_fail("%s: %m", path);
    return descriptor;
}

static int listen_tcp(uint16_t port) {
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htobe16(port), .sin_addr.s_addr = htobe32(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Accepted sockets inherit it.
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(descriptor, (struct sockaddr *)&place, sizeof place) != 0) measure_fail("port %u: %m", port);
    return descriptor;
}

static void *serve_client(void *socket) {
    serve(&repertoire, (int)(intptr_t)socket);
    return NULL;
}

static void *accept_clients(void *unused) {
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) continue;
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve_client, (void *)(intptr_t)client) == 0)
            pthread_detach(thread);
        else
            close(client);
    }
    return unused;
}

static void record_all(struct measure_options options) {
    const char *url = measure_required(options, "--url"), *sql = measure_required(options, "--sql");
    const char *format = measure_option(options, "--format", "binary");
    bool both = strcmp(format, "both") == 0, text = both || strcmp(format, "text") == 0;
    bool binary = both || strcmp(format, "binary") == 0;
    if (!text && !binary) measure_fail("there is no format %s", format);
    for (int16_t code = 0; code < 2; code++) {
        if (!(code == 0 ? text : binary)) continue;
        // That of the last connection is enough.
        repertoire.greeting.length = 0;
        repertoire.recordings[code] = record(url, sql, code, &repertoire.greeting);
    }
}

int main(int count, char **arguments) {
    const char *const names[] = {"--url", "--sql", "--listen", "--format", NULL};
    struct measure_options options = measure_parse(count, arguments, names);
    const char *place = measure_required(options, "--listen");
    record_all(options);
    bool is_path = strchr(place, '/');
    listener = is_path ? listen_unix(place) : listen_tcp((uint16_t)measure_number(options, "--listen", 0));
    if (listen(listener, 128) != 0) measure_fail("%s: %m", place);
    pthread_t thread;
    if (pthread_create(&thread, NULL, accept_clients, NULL) != 0) measure_fail("could not start a thread");
    puts("ready");
    fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    if (is_path) unlink(place);
    _exit(0);
}
