import PostgresCryptography
import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SCRAMClientTests {
    @Test func `the example of RFC 7677 runs to its end`() throws {
        let exchange = SCRAMExchange.rfc7677
        var client = try SCRAMClient<RFC7677Cryptography>(password: exchange.password, user: exchange.user)
        let said = try exchange.play(&client)
        #expect(said == [exchange.clientFirst, exchange.clientFinal])
        #expect(client.isVerified)
    }

    @Test(arguments: [SCRAMExchange.postgres, .postgresUnicode])
    func `an exchange recorded with PostgreSQL runs to its end`(exchange: SCRAMExchange) throws {
        var client = try SCRAMClient<RecordedCryptography>(password: exchange.password)
        let said = try exchange.play(&client)
        #expect(said == [exchange.clientFirst, exchange.clientFinal])
        #expect(client.isVerified)
    }

    @Test(arguments: [
        (ChannelBinding.notSupportedByClient, "n,,n=,r=", "c=biws,"),
        (.supportedButNotByServer, "y,,n=,r=", "c=eSws,"),
        (.tlsServerEndPoint([0, 1, 2]), "p=tls-server-end-point,,n=,r=", "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAEC,"),
    ])
    func `the proof covers the channel binding`(
        binding: ChannelBinding, firstPrefix: String, finalPrefix: String
    ) throws {
        var server = try SCRAMServer(password: "pencil")
        var client = try SCRAMClient<OpenSSLCryptography>(password: "pencil", channelBinding: binding)
        let first = try client.clientFirstMessage()
        #expect(String(decoding: first, as: UTF8.self).hasPrefix(firstPrefix))
        let source = try client.receive(serverFirst: Array(server.first(answering: first).utf8))
        let final = try client.clientFinalMessage(keys: source.keys(using: OpenSSLCryptography.self)).bytes
        #expect(String(decoding: final, as: UTF8.self).hasPrefix(finalPrefix))
        try client.verify(serverFinal: Array(server.final(answering: final).utf8))
        #expect(client.isVerified)
    }

    @Test func `a binding without data is refused before anything is sent`() throws {
        var client = try SCRAMClient<OpenSSLCryptography>(password: "pencil", channelBinding: .tlsServerEndPoint([]))
        #expect(throws: ProtocolViolation.self) { try client.clientFirstMessage() }
    }

    @Test func `the mechanism follows from the binding`() {
        #expect(ChannelBinding.notSupportedByClient.mechanism == "SCRAM-SHA-256")
        #expect(ChannelBinding.supportedButNotByServer.mechanism == "SCRAM-SHA-256")
        #expect(ChannelBinding.tlsServerEndPoint([1]).mechanism == "SCRAM-SHA-256-PLUS")
    }

    @Test func `every exchange has a nonce of its own`() throws {
        var nonces: Set<[UInt8]> = []
        for _ in 0..<100 {
            var client = try SCRAMClient<OpenSSLCryptography>(password: "pencil")
            let nonce = Array(try client.clientFirstMessage().dropFirst("n,,n=,r=".utf8.count))
            #expect(nonce.count == 24)
            nonces.insert(nonce)
        }
        #expect(nonces.count == 100)
    }

    @Test func `commas and equals signs in a user name are escaped`() throws {
        var client = try SCRAMClient<RFC7677Cryptography>(password: "pencil", user: "a,b=c")
        let first = try client.clientFirstMessage()
        #expect(String(decoding: first, as: UTF8.self) == "n,,n=a=2Cb=3Dc,r=rOprNGfwEbeRWgbNEkqO")
    }

    @Test func `a wrong password is told by the server and proves nothing`() throws {
        var server = try SCRAMServer(password: "pencil")
        var client = try SCRAMClient<OpenSSLCryptography>(password: "pen")
        let first = try client.clientFirstMessage()
        let source = try client.receive(serverFirst: Array(server.first(answering: first).utf8))
        let final = try client.clientFinalMessage(keys: source.keys(using: OpenSSLCryptography.self)).bytes
        #expect(try server.final(answering: final) == "e=invalid-proof")
        let violation = #expect(throws: ProtocolViolation.self) {
            try client.verify(serverFinal: Array("e=invalid-proof".utf8))
        }
        #expect(violation?.kind == .authentication)
        #expect(violation?.message == "SCRAM server-final message reports that authentication failed")
        #expect(!client.isVerified)
    }

    @Test func `keys that were kept work again`() throws {
        let exchange = SCRAMExchange.postgres
        var earlier = try SCRAMClient<RecordedCryptography>(password: exchange.password)
        _ = try earlier.clientFirstMessage()
        let kept = try earlier.receive(serverFirst: Array(exchange.serverFirst.utf8))
        let keys = try kept.keys(using: RecordedCryptography.self)

        var client = try SCRAMClient<RecordedCryptography>(password: exchange.password)
        _ = try client.clientFirstMessage()
        #expect(try client.receive(serverFirst: Array(exchange.serverFirst.utf8)) == kept)
        _ = try client.clientFinalMessage(keys: keys)
        try client.verify(serverFinal: Array(exchange.serverFinal.utf8))
        #expect(client.isVerified)
    }

    @Test func `cryptography that fails ends the exchange`() throws {
        var client = try SCRAMClient<BrokenCryptography>(password: "pencil")
        let first = String(decoding: try client.clientFirstMessage(), as: UTF8.self)
        let nonce = first.dropFirst("n,,n=,r=".count)
        let source = try client.receive(serverFirst: Array("r=\(nonce)x,s=AAAA,i=1".utf8))
        #expect(throws: BrokenCryptography.Failure.self) { try source.keys(using: BrokenCryptography.self) }
        let keys = SCRAMKeys(clientKey: SecretBytes([1]), serverKey: SecretBytes([2]))
        #expect(throws: ProtocolViolation.self) { try client.clientFinalMessage(keys: keys) }
        #expect(throws: ProtocolViolation.self) { try client.verify(serverFinal: Array("v=AAAA".utf8)) }
        #expect(!client.isVerified)
    }
}
