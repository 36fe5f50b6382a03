/// An address that no connection could be made to, and why.
package struct UnreachableAddress: Hashable, Sendable {
    /// Where nothing answered.
    package let place: SocketAddress
    /// The address as a person reads it.
    package var address: String { place.description }
    /// An `errno`; nil where there was no answer in time.
    package let code: Int32?

    /// Says that an address did not answer.
    init(_ address: SocketAddress) {
        place = address
        code = nil
    }

    init(_ address: SocketAddress, _ error: TransportError) {
        place = address
        code = if case .system(_, let code) = error { code } else { nil }
    }
}
