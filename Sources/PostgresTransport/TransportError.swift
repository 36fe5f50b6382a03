/// Why bytes could not travel.
package enum TransportError: Error, Hashable, Sendable {
    /// A system call failed; the code is an `errno`.
    case system(_ call: String, _ code: Int32)
    /// The host's name has no address; the text is the resolver's own.
    case unresolved(host: String, reason: String)
    /// None of a host's addresses could be connected to.
    case unreachable(_ tried: [UnreachableAddress])
    /// The peer closed the connection.
    case closedByPeer
    /// TLS could not be agreed on, or broke.
    case tls(TLSFailure)
    /// The time allowed is over.
    case timedOut
    /// The waiting task was cancelled.
    case cancelled
}
