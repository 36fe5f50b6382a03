import CSystemIO
import Glibc

/// Starts threads of our own, for what must not run on Swift's pool because it waits or computes for long.
package enum Thread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread. Signals from outside stay with the threads of the application; those that the thread
    /// itself causes by a fault are its own, so that a crash is reported as everywhere else.
    package static func start(named name: StaticString, _ run: @escaping @Sendable () -> Void) throws(TransportError) {
        var all = sigset_t()
        var previous = sigset_t()
        unsafe sigfillset(&all)
        for own in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGSYS, SIGABRT, SIGPROF] { unsafe sigdelset(&all, own) }
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let body = unsafe Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                let body = unsafe Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue()
                body.run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            unsafe body.release()
            throw TransportError.system("pthread_create", code)
        }
        unsafe csystemio_name_thread(thread, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
        pthread_detach(thread)
    }
}
