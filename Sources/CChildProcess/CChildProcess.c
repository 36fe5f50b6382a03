#define _GNU_SOURCE
#include "CChildProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Only what may be called between fork and exec in a process with threads.
static int begin(const struct cchildprocess_launch *launch, pid_t parent, int report) {
    setsid();
    // Each copy lies above the places that are filled, so that none is overwritten before it is used.
    int descriptors[3] = {launch->input, launch->output, launch->error};
    for (int place = 0; place < 3; place++) {
        descriptors[place] = fcntl(descriptors[place], F_DUPFD_CLOEXEC, 4);
        if (descriptors[place] < 0) return errno;
    }
    int copy = fcntl(report, F_DUPFD_CLOEXEC, 4);
    if (copy < 0) return errno;
    for (int place = 0; place < 3; place++)
        if (dup2(descriptors[place], place) < 0) return errno;
    if (dup3(copy, 3, O_CLOEXEC) < 0) return errno;
    close_range(4, ~0U, 0);
    if (chdir("/") < 0) return errno;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return errno;
    if (getppid() != parent) return ESRCH;
    reset_signals();
    execve(launch->path, launch->arguments, launch->environment);
    return errno;
}

pid_t cchildprocess_start(const struct cchildprocess_launch *launch) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -errno;
    sigset_t all, previous;
    sigfillset(&all);
    // No handler of the parent may run in the child.
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    pid_t parent = getpid();
    pid_t child = fork();
    int error = child < 0 ? errno : 0;
    if (child == 0) {
        error = begin(launch, parent, report[1]);
        // The place may be taken by now; where it is not, this fails and the other does not.
        if (write(3, &error, sizeof error) < 0) write(report[1], &error, sizeof error);
        _exit(127);
    }
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    close(report[1]);
    if (child > 0) {
        // It ends without a byte when the program runs.
        ssize_t count;
        do count = read(report[0], &error, sizeof error);
        while (count < 0 && errno == EINTR);
        if (count != sizeof error) error = 0;
    }
    close(report[0]);
    return error ? -error : child;
}
