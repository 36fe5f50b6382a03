import PostgresTransport

/// What is known of the server at the other end of one connection.
struct ConnectionPeer {
    let address: SocketAddress
    /// How the session is encrypted; nil in the clear.
    var encryption: Encryption?
    /// What TLS led to; nil in the clear.
    var tls: TLSInformation?
    /// The place in the configuration that led here; nil before the session began, and when the connection has failed.
    var seat: HostSeat?

    init(address: SocketAddress) { self.address = address }
}
