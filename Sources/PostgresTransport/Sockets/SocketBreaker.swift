import Glibc

/// Breaks a socket's connection from any task or thread, while its owner is at work with it: the owner finds that the
/// peer has gone.
package final class SocketBreaker: Sendable {
    private struct State {
        /// −1 once closed.
        var descriptor: Int32
        var isBroken = false
    }

    private let state: Locked<State>

    init(_ descriptor: Int32) { state = Locked(State(descriptor: descriptor)) }

    /// Whether the connection was broken here, and not by the peer or the network.
    package var isBroken: Bool { state.withLock { $0.isBroken } }

    /// Nothing more is received or sent; the owner still has to close the socket.
    package func breakConnection() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            state.isBroken = true
            _ = shutdown(state.descriptor, Int32(SHUT_RDWR))
        }
    }

    /// The descriptor is about to be closed, and may be another socket's from then on.
    func invalidate() { state.withLock { $0.descriptor = -1 } }
}
