import PostgresStreaming
import PostgresTestSupport

/// How a session's bytes are protected, and what of them the proxy sees.
enum Way: String, Sendable, CaseIterable {
    /// In the clear and without a password.
    case plain
    /// In the clear, with a password.
    case scram
    /// TLS, of which the proxy sees ciphertext, with a password that is bound to it.
    case tls
    /// TLS that the proxy ends on both sides, so that it sees the messages within.
    case insideTLS

    var tlsEnd: FaultProxy.TLSEnd { self == .insideTLS ? .both : .none }

    /// Whether a change of what passes is noticed for certain: by TLS, whose records are authenticated.
    var detectsTampering: Bool { self == .tls }

    func configure(_ configuration: inout PostgresConfiguration, password: String) {
        configuration.user = rawValue
        configuration.password = password
        configuration.tls.mode = self == .plain || self == .scram ? .disable : .require
        configuration.channelBinding = self == .tls ? .require : .disable
    }
}
