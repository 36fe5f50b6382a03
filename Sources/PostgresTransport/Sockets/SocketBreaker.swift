import Glibc

/// Breaks a socket's connection from any task or thread, while its owner is at work with it: the owner finds that the
/// peer has gone.
package final class SocketBreaker: Sendable {
    private let descriptor: Locked<Int32>

    init(_ descriptor: Int32) { self.descriptor = Locked(descriptor) }

    /// Nothing more is received or sent; the owner still has to close the socket.
    package func breakConnection() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// The descriptor is about to be closed, and may belong to somebody else from then on.
    func invalidate() { descriptor.withLock { $0 = -1 } }
}
