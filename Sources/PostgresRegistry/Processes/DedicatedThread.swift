import PostgresTransport

/// Runs work that blocks on a thread made for it.
enum DedicatedThread {
    /// Suspends the caller until the work is done, which bounds its own time.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            do throws(TransportError) {
                try Thread.start(named: "pg-registry") { continuation.resume(returning: work()) }
            } catch {
                // A process without room for a thread waits here instead.
                continuation.resume(returning: work())
            }
        }
    }
}
