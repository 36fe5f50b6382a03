import PostgresTransport

extension Connector {
    nonisolated(nonsending) func check(
        roleOf driver: ConnectionDriver, at endpoint: PostgresConfiguration.Endpoint,
        _ target: PostgresConfiguration.TargetSession
    ) async throws(PostgresError) {
        driver.peer.seat = HostSeat(endpoint, in: nil)
        guard target != .any else { return }
        let role = try await driver.role()
        hosts?.memory.note(.role(role), of: endpoint)
        guard let mismatch = role.mismatch(target) else { return }
        throw PostgresError(.targetSessionMismatch, mismatch, isConnectionUsable: false)
    }

    func encryption(for endpoint: PostgresConfiguration.Endpoint) throws(PostgresError) -> Encryption {
        guard case .tcp(let host, let address, _) = endpoint else {
            throw PostgresError(.configurationInvalid, "a Unix-domain socket cannot be encrypted")
        }
        return Encryption(
            settings: try TLSSettings(configuration.tls, host: host, address: address),
            negotiation: configuration.tls.negotiation)
    }

    /// As in libpq a certificate that has to be shown is missing in the clear as well.
    func check(certificateShownBy driver: ConnectionDriver) throws(PostgresError) {
        guard configuration.tls.certificateMode == .require, driver.peer.tls?.isCertificateSent != true else { return }
        throw PostgresError(
            .tlsFailed, "sslcertmode \"require\" needs an encrypted connection", isConnectionUsable: false)
    }

    /// Anybody who can write to the directory could have put a socket of their own there.
    func check(
        peerOf driver: ConnectionDriver, at endpoint: PostgresConfiguration.Endpoint
    ) throws(PostgresError) {
        guard let required = configuration.requiredPeer, case .unixSocket = endpoint else { return }
        guard driver.channel.socket.peerUserName == required else {
            throw PostgresError(
                .serverNotVerified, "the server does not run as the user that requirepeer names",
                isConnectionUsable: false)
        }
    }
}
