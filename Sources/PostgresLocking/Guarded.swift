#if !THREAD_SANITIZER
    public import Synchronization
#endif

/// State that a lock guards, in place: what a class holds by it needs no memory and no type of its own. See `Locked`.
@usableFromInline
package struct Guarded<State: Sendable>: ~Copyable, Sendable {
    #if THREAD_SANITIZER
        private let state: Locked<State>

        /// Guards `state` with a lock.
        package init(_ state: State) { self.state = Locked(state) }

        /// Runs `body` while no other task can see the state.
        package borrowing func withLock<Result: Sendable, Failure: Error>(
            _ body: (inout State) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try state.withLock(body)
        }
    #else
        @usableFromInline let state: Mutex<State>

        /// Guards `state` with a lock.
        @inlinable
        package init(_ state: State) { self.state = Mutex(state) }

        /// Runs `body` while no other task can see the state; inlined, because the compiler does not know what the state is
        /// made of otherwise.
        @inlinable
        package borrowing func withLock<Result: Sendable, Failure: Error>(
            _ body: (inout State) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try state.withLock { state throws(Failure) in try body(&state) }
        }
    #endif
}
