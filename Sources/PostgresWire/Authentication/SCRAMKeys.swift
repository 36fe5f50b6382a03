/// The two keys that SCRAM derives from a password (RFC 5802, section 3). Whoever has them can log in as the role.
package struct SCRAMKeys: Hashable, Sendable, Redacted {
    /// Proves the client to the server.
    package let clientKey: SecretBytes
    /// Proves the server to the client.
    package let serverKey: SecretBytes

    /// Takes keys of 32 bytes each.
    package init(clientKey: SecretBytes, serverKey: SecretBytes) {
        self.clientKey = clientKey
        self.serverKey = serverKey
    }
}
