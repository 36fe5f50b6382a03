import PostgresTransport
import PostgresWire

// A provider needs to know where the issuer describes itself, and what the server wants a token to allow. Where neither
// the configuration nor an earlier connection says so, the first attempt asks the server, which can only refuse it; the
// second one brings the token (manual: "OAuth Authorization/Authentication", as libpq does).

/// A login by OAUTHBEARER that is under way.
struct OAuthLogin: Sendable {
    var client: OAuthBearerClient
    let issuer: OAuthIssuer
    let key: OAuthMemory.Key
    /// Whether the server is asked for its wishes, and shown no token.
    let isDiscovery: Bool
}

extension SessionOpening {
    /// Sends a token, or asks which one the server wants.
    nonisolated(nonsending) mutating func beginOAuth(
        _ channel: AuthenticationPolicy.Channel
    ) async throws(PostgresError) -> OAuthLogin {
        guard let issuer = configuration.tokenIssuer else {
            throw PostgresError(.configurationInvalid, "OAuth is not set up", isConnectionUsable: false)
        }
        let key = OAuthMemory.Key(endpoint: endpoint, issuer: issuer, isVerified: channel == .private)
        let discovery = known ?? OAuthMemory.discovery(for: key)
        guard let url = issuer.configurationURL ?? discovery?.configurationURL else {
            return try send(
                OAuthLogin(client: OAuthBearerClient(token: nil), issuer: issuer, key: key, isDiscovery: true))
        }
        let request = PostgresConfiguration.TokenRequest(
            endpoint: endpoint, user: configuration.user, database: configuration.database, issuer: issuer.identifier,
            configurationURL: url, clientID: configuration.oauth.clientID,
            clientSecret: configuration.oauth.clientSecret, scope: configuration.oauth.scope ?? discovery?.scope)
        let token = try await token(request)
        hasProvenUser = true
        return try send(
            OAuthLogin(client: OAuthBearerClient(token: token.bytes), issuer: issuer, key: key, isDiscovery: false))
    }

    private func send(_ login: OAuthLogin) throws(PostgresError) -> OAuthLogin {
        var login = login
        do {
            let response = SASLInitialResponse(
                mechanism: OAuthBearerClient.mechanism, secret: try login.client.initialResponse())
            try driver.session.sendBearerToken(response, isEmpty: login.isDiscovery)
            return login
        } catch {
            throw PostgresError(.passwordUnavailable, "the token cannot be sent", isConnectionUsable: false)
        }
    }

    /// Takes the server's refusal and answers it; the server's error follows.
    ///
    /// - Throws: `serverNotVerified` where the server wants a token of another issuer.
    mutating func receive(refusal data: [UInt8], of exchange: inout OAuthLogin?) throws(PostgresError) {
        guard var login = exchange else { return }
        defer { exchange = login }
        let refusal: OAuthRefusal
        do {
            refusal = try login.client.receive(refusal: data)
            try driver.session.sendBearerAcknowledgement(SASLResponse(data: login.client.acknowledgement()))
        } catch let error as ProtocolViolation {
            throw PostgresError(error, isConnecting: true)
        } catch {
            throw PostgresError(
                .protocolViolation, "the server's refusal cannot be answered", isConnectionUsable: false)
        }
        let discovery = try OAuthDiscovery(refusal, of: login.issuer)
        guard login.isDiscovery else {
            // It may have changed its mind about what it wants, and is asked again next time.
            OAuthMemory.forget(login.key)
            hint(Self.hint(on: refusal))
            return
        }
        guard let discovery else {
            throw PostgresError(
                .authenticationFailed, "the server asks for OAuth and does not say where tokens come from",
                hint: "Give the address of the authorization server's description as oauth_issuer.",
                isConnectionUsable: false)
        }
        announcement = (login.key, discovery)
    }

    /// Keeps what the server said of the tokens that it takes, if it ended the attempt in order: by its error, or by
    /// closing. False where the attempt was a login.
    mutating func noteDiscovery(after error: PostgresError) -> Bool {
        guard let announcement = announcement, error.server != nil || error.code == .connectFailed else {
            return false
        }
        OAuthMemory.note(announcement.discovery, for: announcement.key)
        discovery = announcement.discovery
        return true
    }

    /// Short and harmless: it goes into an error's text, and the peer has not proven itself.
    private static func hint(on refusal: OAuthRefusal) -> String {
        let status = refusal.status.prefix(64)
        guard let scope = refusal.scope, !scope.isEmpty else { return "The token was refused as \"\(status)\"." }
        return "The token was refused as \"\(status)\"; the server wants the scope \"\(scope.prefix(256))\"."
    }

    // MARK: the token

    private nonisolated(nonsending) func token(
        _ request: PostgresConfiguration.TokenRequest
    ) async throws(PostgresError) -> PostgresConfiguration.BearerToken {
        enum Answer { case token(PostgresConfiguration.BearerToken), failure(String) }
        guard let provider = configuration.tokenProvider else { throw Self.unavailable("there is no token provider") }
        let answer: Answer
        do throws(TransportError) {
            answer = try await ForeignWork.run(on: driver.loop, deadline: driver.deadline) {
                do {
                    return .token(try await provider(request))
                } catch {
                    // The type is harmless; what the error says may be a token.
                    return .failure("\(type(of: error))")
                }
            }
        } catch {
            throw PostgresError(connecting: error, while: .tokenProvider)
        }
        switch answer {
        case .token(let token) where OAuthBearerClient.isToken(token.bytes): return token
        case .token: throw Self.unavailable("the token provider gave something that is no bearer token")
        case .failure(let type):
            throw Self.unavailable(
                "the token provider failed with an error of type \(type)",
                hint: "What the error says is left out here; log it where it is thrown.")
        }
    }

    private static func unavailable(_ message: String, hint: String? = nil) -> PostgresError {
        PostgresError(.passwordUnavailable, message, hint: hint, isConnectionUsable: false)
    }
}
