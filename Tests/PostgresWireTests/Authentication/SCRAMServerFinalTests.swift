import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SCRAMServerFinalTests {
    private let exchange = SCRAMExchange.postgres

    private func verify(_ serverFinal: [UInt8]) throws {
        var client = try SCRAMClient<RecordedCryptography>(password: exchange.password)
        do {
            _ = try exchange.play(&client, serverFinal: serverFinal)
            #expect(client.isVerified)
        } catch {
            #expect(!client.isVerified)
            throw error
        }
    }

    private func expectRefusal(_ message: String, _ reason: String) {
        let violation = #expect(throws: ProtocolViolation.self) { try verify(Array(message.utf8)) }
        #expect(violation == ProtocolViolation(.authentication, "SCRAM server-final message \(reason)"))
    }

    @Test func `an optional extension after the signature is ignored`() throws {
        try verify(Array((exchange.serverFinal + ",x=y").utf8))
    }

    @Test(arguments: ["e=invalid-proof", "e=secret of the peer", "e=other-error,x=y"])
    func `an error of the server is a failure without its text`(message: String) {
        expectRefusal(message, "reports that authentication failed")
    }

    @Test func `the signature of another exchange is refused`() {
        expectRefusal(SCRAMExchange.rfc7677.serverFinal, "holds a wrong signature")
    }

    @Test func `a signature with any bit changed is refused`() throws {
        let signature = try #require(Base64.decode(exchange.serverFinal.dropFirst(2).utf8))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            let message = "v=" + String(decoding: Base64.encode(changed), as: UTF8.self)
            expectRefusal(message, "holds a wrong signature")
        }
    }

    @Test(arguments: ["v=AAAA", "v=====", "v=x", "v=" + String(repeating: "A", count: 44)])
    func `a signature that is not 32 bytes of base64 is refused`(message: String) {
        expectRefusal(message, "holds a signature that is not base64 of 32 bytes")
    }

    @Test(arguments: ["x=y", "p=AAAA", "r=x,s=AAAA,i=1"])
    func `a message without a signature is refused`(message: String) {
        expectRefusal(message, "holds no signature")
    }

    @Test(arguments: ["v=", "e=", "r=", "s=", "i=", "p="])
    func `an attribute that comes twice or has its place elsewhere is refused`(attribute: String) {
        expectRefusal("\(exchange.serverFinal),\(attribute)AAAA", "has an attribute out of its order")
    }

    @Test(arguments: ["\0", ",", ",x", "=", " "])
    func `nothing but an extension may follow the signature`(data: String) {
        #expect(throws: ProtocolViolation.self) { try verify(Array((exchange.serverFinal + data).utf8)) }
    }

    @Test func `a mandatory extension is refused`() {
        expectRefusal("m=x,\(exchange.serverFinal)", "demands an extension")
    }

    @Test(arguments: ["", ",", "v", "v="])
    func `what is not a list of attributes is refused`(message: String) {
        expectRefusal(message, "is not a list of attributes")
    }

    @Test func `a message longer than 4 KiB is refused`() {
        expectRefusal("v=" + String(repeating: "A", count: 4095), "is longer than the limit")
    }
}
