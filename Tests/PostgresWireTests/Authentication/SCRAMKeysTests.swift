import PostgresCryptography
import PostgresLocking
import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SCRAMKeysTests {
    /// Counts how often a password is stretched.
    private enum CountingCryptography: TestCryptography {
        typealias Failure = OpenSSLCryptography.Failure

        static let nonce = RecordedCryptography.nonce
        static let calls = Locked(0)

        static func saltedPassword(password: [UInt8], salt: [UInt8], iterations: Int) throws(Failure) -> [UInt8] {
            calls.withLock { $0 += 1 }
            return try OpenSSLCryptography.saltedPassword(password: password, salt: salt, iterations: iterations)
        }
    }

    private static func keys(of exchange: SCRAMExchange) throws -> SCRAMKeys {
        var client = try SCRAMClient<RecordedCryptography>(password: exchange.password)
        _ = try client.clientFirstMessage()
        return try client.receive(serverFirst: Array(exchange.serverFirst.utf8)).keys(using: RecordedCryptography.self)
    }

    @Test func `a password is stretched once for a login, and never by the client itself`() throws {
        let exchange = SCRAMExchange.postgres
        var client = try SCRAMClient<CountingCryptography>(password: exchange.password)
        _ = try client.clientFirstMessage()
        let derivation = try #require(try client.receive(serverFirst: Array(exchange.serverFirst.utf8)).derivation)
        #expect(CountingCryptography.calls.withLock { $0 } == 0)
        let keys = try derivation.keys(using: CountingCryptography.self)
        #expect(CountingCryptography.calls.withLock { $0 } == 1)
        _ = try client.clientFinalMessage(keys: keys)
        try client.verify(serverFinal: Array(exchange.serverFinal.utf8))

        var refusing = try SCRAMClient<CountingCryptography>(password: exchange.password, iterationLimits: 1...4095)
        _ = try refusing.clientFirstMessage()
        #expect(throws: ProtocolViolation.self) {
            try refusing.receive(serverFirst: Array(exchange.serverFirst.utf8))
        }
        // The keys do without any of it.
        var keyed = try SCRAMClient<CountingCryptography>(.keys(keys))
        _ = try exchange.play(&keyed)
        #expect(keyed.isVerified)
        #expect(CountingCryptography.calls.withLock { $0 } == 1)
    }

    @Test func `keys prove what the password proves`() throws {
        let exchange = SCRAMExchange.postgres
        var client = try SCRAMClient<RecordedCryptography>(.keys(Self.keys(of: exchange)))
        #expect(try exchange.play(&client) == [exchange.clientFirst, exchange.clientFinal])
        #expect(client.isVerified)
    }

    @Test(arguments: ["1", "100001", "2147483648", "1000000000000000000000000000000"])
    func `keys need no work, whatever count the server names`(count: String) throws {
        let keys = try Self.keys(of: .postgres)
        var client = try SCRAMClient<RecordedCryptography>(.keys(keys), iterationLimits: 4096...4096)
        _ = try client.clientFirstMessage()
        let message = "r=\(RecordedCryptography.nonce)x,s=AAEC,i=\(count)"
        #expect(try client.receive(serverFirst: Array(message.utf8)) == .keys(keys))
    }

    @Test func `with keys the server's first message is read as strictly`() throws {
        for message in ["r=x,s=AAEC,i=1", "r=\(RecordedCryptography.nonce)x,s=,i=1", "s=AAEC,i=1", ""] {
            var client = try SCRAMClient<RecordedCryptography>(.keys(Self.keys(of: .postgres)))
            _ = try client.clientFirstMessage()
            #expect(throws: ProtocolViolation.self) { try client.receive(serverFirst: Array(message.utf8)) }
        }
    }

    @Test func `a wrong client key proves nothing to the server`() throws {
        var server = try SCRAMServer(password: "pencil")
        let right = server.keys
        let wrong = SCRAMKeys(clientKey: right.serverKey, serverKey: right.serverKey)
        var client = try SCRAMClient<OpenSSLCryptography>(.keys(wrong))
        let first = try client.clientFirstMessage()
        let source = try client.receive(serverFirst: Array(server.first(answering: first).utf8))
        let final = try client.clientFinalMessage(keys: source.keys(using: OpenSSLCryptography.self))
        #expect(try server.final(answering: final.bytes) == "e=invalid-proof")
    }

    @Test func `a server that does not have the server key is not believed`() throws {
        var server = try SCRAMServer(password: "pencil")
        let right = server.keys
        let wrong = SCRAMKeys(clientKey: right.clientKey, serverKey: right.clientKey)
        var client = try SCRAMClient<OpenSSLCryptography>(.keys(wrong))
        let first = try client.clientFirstMessage()
        let source = try client.receive(serverFirst: Array(server.first(answering: first).utf8))
        let final = try client.clientFinalMessage(keys: source.keys(using: OpenSSLCryptography.self))
        let answer = try server.final(answering: final.bytes)
        #expect(answer.hasPrefix("v="))
        #expect(throws: ProtocolViolation.self) { try client.verify(serverFinal: Array(answer.utf8)) }
    }
}
