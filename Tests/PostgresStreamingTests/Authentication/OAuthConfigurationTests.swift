import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite struct OAuthConfigurationTests {
    private static func read(_ text: String) throws(PostgresError) -> PostgresConfiguration {
        try PostgresConfiguration(connectionString: "host=h user=u \(text)", environment: .none)
    }

    @Test func `the keywords of libpq are read`() throws {
        let text = "oauth_issuer=https://i.example oauth_client_id=me oauth_client_secret=s oauth_scope='a b'"
        let oauth = try Self.read(text).oauth
        #expect(oauth == .init(issuer: "https://i.example", clientID: "me", clientSecret: "s", scope: "a b"))
        #expect(try Self.read("oauth_issuer='' oauth_scope=''").oauth == .init())
        #expect(try Self.read("").tokenProvider == nil)
    }

    @Test(arguments: [
        ("http://i.example", "is no URL that begins with \"https://\""),
        ("i.example", "is no URL that begins with \"https://\""),
        ("https://i.example?x", "has a query or a fragment"),
        (
            "https://i.example/.well-known/x",
            "has \"/.well-known/\" in it and is not the address of an authorization server's description"
        ),
    ])
    func `an issuer that no server can name is refused`(issuer: String, problem: String) async throws {
        let error = #expect(throws: PostgresError.self) { try Self.read("oauth_issuer=\(issuer)") }
        #expect(error?.code == .configurationInvalid && error?.message == "oauth_issuer \(problem)")
        var configuration = PostgresConfiguration(endpoint: .tcp(host: "h"), user: "u")
        configuration.oauth.issuer = issuer
        let byHand = await failure { try await PostgresConnection.connect(configuration) }
        #expect(byHand?.code == .configurationInvalid)
    }

    @Test func `strings from others may not choose an issuer`() {
        for keyword in ["oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope"] {
            let error = #expect(throws: PostgresError.self) {
                try PostgresConfiguration(untrusted: "host=h user=u \(keyword)=https://i.example")
            }
            #expect(error?.message == "connection string may not set \"\(keyword)\" here")
        }
    }

    @Test func `secrets print nowhere`() throws {
        let configuration = try Self.read("oauth_issuer=https://i.example oauth_client_secret=geheim")
        let token = PostgresConfiguration.BearerToken("geheim")
        for text in [printed(configuration), printed(configuration.oauth), printed(token), printed([token: 1])] {
            #expect(!text.contains("geheim") && !text.contains("103"))
        }
        #expect(token == .init(bytes: Array("geheim".utf8)) && token != .init("other"))
    }
}
