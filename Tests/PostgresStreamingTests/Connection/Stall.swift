import PostgresStreaming
import PostgresTestSupport

/// A step of connecting at which the other side falls silent.
enum Stall: String, CaseIterable, Sendable {
    case encryptionAnswer = "waiting for the answer to the TLS request"
    case handshake = "negotiating TLS"
    case authenticationRequest = "waiting for an authentication request"
    case passwordProvider = "waiting for the password provider"
    case passwordHashing = "hashing the password"
    case challenge = "waiting for the SCRAM challenge"
    case serverSignature = "waiting for the server's SCRAM signature"
    case verdict = "waiting for the verdict on the password"
    case clearPasswordVerdict = "waiting for the verdict on the password (clear)"
    case parameters = "waiting for the server's parameters"
    case readyForQuery = "waiting for the server to be ready"

    /// What an error says of it.
    var text: String { rawValue.replacing(" (clear)", with: "") }

    /// What the server does until it falls silent.
    func script() throws -> [Step] {
        switch self {
        case .encryptionAnswer: []
        case .handshake: [.send([UInt8(ascii: "S")])]
        case .authenticationRequest: [.expectStartup]
        case .passwordProvider: [.expectStartup, AuthenticationScript.offer]
        case .passwordHashing:
            try Array(AuthenticationScript.scram(first: { $0.replacing("i=4096", with: "i=3000000") }).prefix(4))
        case .challenge: [.expectStartup, AuthenticationScript.offer, .expect("p")]
        case .serverSignature: try AuthenticationScript.scram().dropLast()
        case .verdict: try AuthenticationScript.scram()
        case .clearPasswordVerdict: [.expectStartup, AuthenticationScript.ask(3), .expect("p")]
        case .parameters: [.expectStartup, .send(BackendBytes().authentication(0).bytes)]
        // ReadyForQuery is the last message and six bytes long.
        case .readyForQuery: [.expectStartup, .send(BackendBytes.welcome.dropLast(6))]
        }
    }

    /// What a client has to be told to come as far as that.
    func configuration(_ url: String) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: url, environment: .none)
        switch self {
        case .encryptionAnswer, .handshake:
            configuration.tls.mode = .require
        case .passwordProvider:
            configuration.password = nil
            configuration.passwordProvider = { _ in
                // Somebody else's task: it does not hear that nobody waits any more.
                await Task { await Self.never.wait() }.value
                return ""
            }
        case .passwordHashing:
            configuration.scramIterations = 1...10_000_000
        case .clearPasswordVerdict:
            configuration.allowedAuthentication = [.password]
        default:
            break
        }
        return configuration
    }

    private static let never = Gate()
}
