import Glibc

/// Runs work that blocks on a thread made for it, and suspends the caller until it is done.
///
/// Swift's cooperative pool has as many threads as the machine has cores, and none to spare for a `waitpid`.
package func onDedicatedThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        startThread { continuation.resume(returning: work()) }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(ThreadBody(run)).toOpaque()
    var thread = pthread_t()
    let failure = unsafe pthread_create(
        &thread, nil,
        { body in
            if let body = unsafe body { unsafe Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
            return nil
        }, body)
    precondition(failure == 0, "could not create a thread: error \(failure)")
    pthread_detach(thread)
}
