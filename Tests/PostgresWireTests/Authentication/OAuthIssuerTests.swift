import PostgresWire
import Testing

@Suite struct OAuthIssuerTests {
    @Test(arguments: [
        "https://issuer.example", "https://issuer.example/", "https://issuer.example/a/b", "https://[::1]:8080/x",
        "HTTPS://Issuer.example", "https://issuer.example/.well-known", "https://issuer.example/x.well-known/y",
    ])
    func `an identifier stands for itself`(text: String) throws {
        let issuer = try OAuthIssuer(setting: text)
        #expect(issuer.identifier == text && issuer.configurationURL == nil)
    }

    @Test(arguments: [
        ("https://i.example/.well-known/openid-configuration", "https://i.example"),
        ("https://i.example/a/b/.well-known/openid-configuration", "https://i.example/a/b"),
        ("https://i.example/.well-known/oauth-authorization-server", "https://i.example"),
        ("https://i.example/.well-known/oauth-authorization-server/a/b", "https://i.example/a/b"),
        ("https://i.example/.well-known/openid-configuration/a", "https://i.example/a"),
        ("https://i.example/.well-known/openid-configuration/", "https://i.example/"),
        ("https://i.example:1/x/.well-known/oauth-authorization-server", "https://i.example:1/x"),
        ("hTTps://i.example/.well-known/openid-configuration", "hTTps://i.example"),
    ])
    func `the address of a description leads to the issuer`(url: String, identifier: String) throws {
        #expect(try OAuthIssuer.identifier(describedAt: url) == identifier)
        let issuer = try OAuthIssuer(setting: url)
        #expect(issuer.identifier == identifier && issuer.configurationURL == url)
    }

    @Test(arguments: [
        ("", OAuthIssuer.Problem.notHTTPS), ("https://", .notHTTPS), ("http://i.example", .notHTTPS),
        ("i.example", .notHTTPS), ("https:/i.example", .notHTTPS), ("https//i.example", .notHTTPS),
        ("https://i example", .notHTTPS), ("https://i.example/ä", .notHTTPS), ("https://i.example/\u{1B}", .notHTTPS),
        ("https\u{1A}//i.example", .notHTTPS), ("https://" + String(repeating: "i", count: 2048), .notHTTPS),
        ("https://i.example?x", .hasQuery), ("https://i.example/#/.well-known/openid-configuration", .hasQuery),
        ("https://i.example/.well-known/openid-configuration?", .hasQuery),
        ("https://i.example/.well-known/openid-configuration-bad", .notWellKnown),
        ("https://i.example/.well-known/", .notWellKnown), ("https://i.example/.well-known/other", .notWellKnown),
        ("https://i.example/a/.well-known/openid-configuration/b", .notWellKnown),
        ("https://i.example/.well-known/x/.well-known/openid-configuration", .notWellKnown),
        ("https://i.example/.well-known/OpenID-configuration", .notWellKnown),
    ])
    func `what names no issuer is refused`(text: String, problem: OAuthIssuer.Problem) {
        #expect(throws: problem) { try OAuthIssuer(setting: text) }
    }

    @Test func `an identifier is not the address of a description`() {
        #expect(throws: OAuthIssuer.Problem.notWellKnown) {
            try OAuthIssuer.identifier(describedAt: "https://i.example/openid-configuration")
        }
    }
}
