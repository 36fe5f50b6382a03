import PostgresTransport

extension ScriptedServer {
    /// How a scripted server shakes hands over TLS, and whether it also speaks without.
    package struct Options: Sendable {
        /// What becomes of a client's certificate.
        package enum ClientCertificate: Sendable { case ignored, requested, required }

        /// The certificate to show.
        package var certificate = TestCertificates.Server.good
        /// The oldest and the newest version to speak.
        package var versions = TLSVersion.tls12...TLSVersion.tls13
        /// The application protocols to choose from; the server ignores the client's where there are none.
        package var applicationProtocols: [String] = []
        /// A protocol to choose whatever the client offers.
        package var forcedProtocol: String?
        /// Whether to ask for a client's certificate, and whether to insist.
        package var clientCertificate = ClientCertificate.ignored
        /// How many bytes a relay passes to the client before it changes its keys, each time (TLS 1.3).
        package var bytesBetweenKeyUpdates: Int?

        /// Whether a client that does not ask for TLS is let in; otherwise it is a mismatch.
        package var welcomesClear = false

        /// A server with a good certificate that asks for nothing.
        package init(_ change: (inout Options) -> Void = { _ in }) { change(&self) }
    }

    /// A message of a client: its type byte, zero for those that have none, and what follows its length.
    package struct FrontendFrame: Sendable, Hashable {
        /// The type byte, such as `P`.
        package let type: UInt8
        /// What follows the length.
        package let body: [UInt8]
    }

    /// What one connection was like, from the server's side.
    package struct Transcript: Sendable {
        /// Every byte that came in the clear.
        package internal(set) var bytes: [UInt8] = []
        /// What came over TLS, the first 64 KiB of it.
        package internal(set) var plaintext: [UInt8] = []
        /// The messages that the script expected.
        package internal(set) var frames: [FrontendFrame] = []
        /// The name that the client asked for (SNI).
        package internal(set) var serverName: String?
        /// How often the client has changed its keys.
        package internal(set) var keyUpdates = 0
        /// Whether the client came in the clear and was let in.
        package internal(set) var isClear = false
        /// Whether the client has said good-bye: that of TLS, where the connection had come so far.
        package internal(set) var hasEndedInOrder = false

        /// Whether the text is anywhere among the bytes.
        package func contains(_ text: String) -> Bool {
            let pattern = Array(text.utf8)
            return [bytes, plaintext].contains { bytes in
                bytes.indices.contains { bytes[$0...].starts(with: pattern) }
            }
        }
    }
}
