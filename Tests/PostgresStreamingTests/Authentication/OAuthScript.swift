import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// What scripted servers and their clients say of tokens.
enum OAuthScript {
    static let issuer = "https://issuer.example"
    static let configurationURL = "https://issuer.example/.well-known/openid-configuration"
    static let token = "token-geheim-4711"

    static let offer = AuthenticationScript.ask(10, AuthenticationScript.list(["OAUTHBEARER"]))

    static func refusal(
        _ status: String = "invalid_token", url: String? = configurationURL, scope: String? = "openid postgres"
    ) -> Step {
        var members = ["\"status\":\"\(status)\""]
        if let url { members.append("\"openid-configuration\":\"\(url)\"") }
        if let scope { members.append("\"scope\":\"\(scope)\"") }
        return AuthenticationScript.ask(11, Array("{\(members.joined(separator: ","))}".utf8))
    }

    static let error: Step = .send(
        BackendBytes().error("FATAL", "28000", "OAuth bearer authentication failed for user \"tester\"").bytes)

    /// Says which token is wanted.
    static let discovery: [Step] = [
        .expectStartup, offer, .expect("p"), refusal(), .expect("p"), error, .expectEnd,
    ]

    /// Lets the client in.
    static let accepts: [Step] = [.expectStartup, offer, .expect("p"), .send(BackendBytes.welcome), .expectEnd]

    /// Refuses the token.
    static let refuses: [Step] = [
        .expectStartup, offer, .expect("p"), refusal(), .expect("p"), error, .expectEnd,
    ]

    /// The body of the message in which a client sends a token, or asks which one is wanted.
    static func response(_ auth: String) -> [UInt8] {
        let data = Array("n,,\u{1}auth=\(auth)\u{1}\u{1}".utf8)
        return Array("OAUTHBEARER\0".utf8) + BackendBytes.int32(Int32(data.count)) + data
    }
}

/// A provider that notes what it is asked.
final class TokenSource: Sendable {
    private let state = Locked<[PostgresConfiguration.TokenRequest]>([])
    private let token: String

    init(_ token: String = OAuthScript.token) { self.token = token }

    var requests: [PostgresConfiguration.TokenRequest] { state.withLock { $0 } }

    var provider: PostgresConfiguration.TokenProvider {
        { request in
            self.state.withLock { $0.append(request) }
            return PostgresConfiguration.BearerToken(self.token)
        }
    }
}
