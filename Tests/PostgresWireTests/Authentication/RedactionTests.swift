import PostgresCryptography
import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct RedactionTests {
    /// Something of a user's that holds secrets in its properties.
    private struct Holder<Secret> {
        let secret: Secret
        let optional: Secret?
        let list: [Secret]
    }

    /// Returns every text that Swift makes of a value by itself.
    private func texts(of value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var printed = ""
        print(value, to: &printed)
        debugPrint(value, to: &printed)
        return [dumped, printed, String(describing: value), String(reflecting: value), "\(value)"]
    }

    private func expectRedacted<Secret>(_ secret: Secret, name: String) {
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(String(describing: secret) == "\(name)(redacted)")
        #expect(String(reflecting: secret) == "\(name)(redacted)")
        let holder = Holder(secret: secret, optional: secret, list: [secret])
        for text in texts(of: secret) + texts(of: holder) {
            #expect(text.contains("redacted"))
            // The password, its first byte as `dump` writes it, and names of properties that hold secrets.
            for trace in ["pencil", "112", "password:", "bytes", "step"] { #expect(!text.contains(trace)) }
        }
    }

    @Test func `a client shows no secret in any step`() throws {
        let exchange = SCRAMExchange.postgres
        let name = "SCRAMClient<RecordedCryptography>"
        var client = try SCRAMClient<RecordedCryptography>(password: exchange.password)
        expectRedacted(client, name: name)
        _ = try client.clientFirstMessage()
        expectRedacted(client, name: name)
        let source = try client.receive(serverFirst: Array(exchange.serverFirst.utf8))
        expectRedacted(client, name: name)
        expectRedacted(source, name: "SCRAMKeySource")
        let derivation = try #require(source.derivation)
        expectRedacted(derivation, name: "KeyDerivation")
        expectRedacted(derivation.password, name: "SecretBytes")
        expectRedacted(SCRAMCredential.password(derivation.password), name: "SCRAMCredential")
        let keys = try derivation.keys(using: RecordedCryptography.self)
        expectRedacted(keys, name: "SCRAMKeys")
        expectRedacted(SCRAMCredential.keys(keys), name: "SCRAMCredential")
        expectRedacted(SCRAMKeySource.keys(keys), name: "SCRAMKeySource")
        _ = try client.clientFinalMessage(keys: keys)
        expectRedacted(client, name: name)
        try client.verify(serverFinal: Array(exchange.serverFinal.utf8))
        expectRedacted(client, name: name)
    }
}
