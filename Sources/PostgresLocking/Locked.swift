#if THREAD_SANITIZER
    import Glibc
#else
    public import Synchronization
#endif

/// State behind a lock. All locks of the project are this one.
///
/// Synchronization's Mutex looks like a race to the thread sanitizer on Linux, because its futex lives in a library
/// that is not instrumented; the sanitizer's build (`-D THREAD_SANITIZER`) uses a pthread mutex instead.
@safe
@usableFromInline
package final class Locked<State: Sendable>: @unchecked Sendable {
    #if THREAD_SANITIZER
        private var state: State
        private let mutex: UnsafeMutablePointer<pthread_mutex_t>

        /// Puts `state` behind a lock.
        package init(_ state: State) {
            self.state = state
            unsafe mutex = .allocate(capacity: 1)
            unsafe pthread_mutex_init(mutex, nil)
        }

        deinit {
            unsafe pthread_mutex_destroy(mutex)
            unsafe mutex.deallocate()
        }

        /// Runs `body` while nobody else can see the state.
        package func withLock<Result: Sendable, Failure: Error>(
            _ body: (inout State) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            unsafe pthread_mutex_lock(mutex)
            defer { unsafe pthread_mutex_unlock(mutex) }
            return try body(&state)
        }
    #else
        @usableFromInline let state: Mutex<State>

        /// Puts `state` behind a lock.
        @inlinable
        package init(_ state: State) {
            self.state = Mutex(state)
        }

        /// Runs `body` while nobody else can see the state; inlined, because the compiler does not know what the state is
        /// made of otherwise.
        @inlinable
        package func withLock<Result: Sendable, Failure: Error>(
            _ body: (inout State) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try state.withLock { state throws(Failure) in try body(&state) }
        }
    #endif
}
