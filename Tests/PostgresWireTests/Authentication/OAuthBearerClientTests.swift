import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct OAuthBearerClientTests {
    private static let refusal = Array(#"{"status":"invalid_token"}"#.utf8)

    private static func client(_ token: String = "a.b-c_d~e+f/g==") -> OAuthBearerClient {
        OAuthBearerClient(token: SecretBytes(Array(token.utf8)))
    }

    @Test func `a token is sent byte by byte as the RFC has it`() throws {
        var client = Self.client()
        let expected = Array("n,,\u{1}auth=Bearer a.b-c_d~e+f/g==\u{1}\u{1}".utf8)
        #expect(try client.initialResponse().bytes == expected)
    }

    @Test func `without a token the server's wishes are asked for`() throws {
        var client = OAuthBearerClient(token: nil)
        #expect(try client.initialResponse().bytes == Array("n,,\u{1}auth=\u{1}\u{1}".utf8))
    }

    @Test func `a refusal is acknowledged by one byte`() throws {
        var client = Self.client()
        _ = try client.initialResponse()
        #expect(try client.receive(refusal: Self.refusal).status == "invalid_token")
        #expect(try client.acknowledgement().bytes == [1])
    }

    @Test(arguments: ["a", "abc", "-._~+/", "A=", "A===", "Zz09"])
    func `what the RFC calls a token is one`(text: String) {
        #expect(OAuthBearerClient.isToken(SecretBytes(Array(text.utf8))))
    }

    @Test(arguments: ["", "=", "a=b", "a b", "a\u{1}", "a\0", "a,b", "a\n", "ä", "\"a\"", "a%20"])
    func `what could end the message early is no token, and is not sent`(text: String) throws {
        #expect(!OAuthBearerClient.isToken(SecretBytes(Array(text.utf8))))
        var client = Self.client(text)
        let violation = #expect(throws: ProtocolViolation.self) { try client.initialResponse() }
        #expect(violation?.message == "OAuth token cannot be sent")
    }

    @Test func `a token has a longest length`() {
        let longest = [UInt8](repeating: UInt8(ascii: "a"), count: OAuthBearerClient.tokenBytesMax)
        #expect(OAuthBearerClient.isToken(SecretBytes(copying: longest)))
        #expect(!OAuthBearerClient.isToken(SecretBytes(copying: longest + [UInt8(ascii: "a")])))
    }

    /// The calls of an exchange in their order.
    enum Call: Int, CaseIterable {
        case initialResponse, refusal, acknowledgement

        func perform(_ client: inout OAuthBearerClient) throws {
            switch self {
            case .initialResponse: _ = try client.initialResponse()
            case .refusal: _ = try client.receive(refusal: OAuthBearerClientTests.refusal)
            case .acknowledgement: _ = try client.acknowledgement()
            }
        }
    }

    @Test(arguments: 0...3, Call.allCases)
    func `a call out of order ends the exchange for good`(callsDone: Int, call: Call) throws {
        guard call.rawValue != callsDone else { return }
        var client = Self.client()
        for done in Call.allCases.prefix(callsDone) { try done.perform(&client) }
        let violation = #expect(throws: ProtocolViolation.self) { try call.perform(&client) }
        #expect(violation == ProtocolViolation(.authentication, "OAuth step came out of its order"))
        for later in Call.allCases { #expect(throws: ProtocolViolation.self) { try later.perform(&client) } }
    }

    @Test func `a refusal that cannot be read ends the exchange for good`() throws {
        var client = Self.client()
        _ = try client.initialResponse()
        #expect(throws: ProtocolViolation.self) { try client.receive(refusal: Array("{".utf8)) }
        for later in Call.allCases { #expect(throws: ProtocolViolation.self) { try later.perform(&client) } }
    }

    @Test func `neither the exchange nor its messages print the token`() throws {
        var client = Self.client("geheim")
        let response = SASLInitialResponse(mechanism: "OAUTHBEARER", secret: try Self.client("geheim").started())
        for text in ["\(client)", String(reflecting: client), "\(response)", String(reflecting: response)] {
            #expect(!text.contains("geheim"))
        }
        var dumped = ""
        dump(client, to: &dumped)
        dump(response, to: &dumped)
        _ = try client.initialResponse()
        dump(client, to: &dumped)
        // As the numbers of an array, too.
        #expect(!dumped.contains("geheim") && !dumped.contains("103"))
    }

    @Test func `the first message names the mechanism and has the token at its end`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(SASLInitialResponse(mechanism: "OAUTHBEARER", secret: try Self.client("geheim").started()))
        var expected = Array("OAUTHBEARER\0".utf8) + BackendBytes.int32(24)
        expected += Array("n,,\u{1}auth=Bearer geheim\u{1}\u{1}".utf8)
        #expect([UInt8](copying: buffer.pending) == Array("p".utf8) + BackendBytes.int32(44) + expected)
    }
}

extension OAuthBearerClient {
    /// The data of the first message of a copy.
    fileprivate func started() throws -> SecretBytes {
        var copy = self
        return try copy.initialResponse()
    }
}
