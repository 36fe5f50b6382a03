import PostgresCryptography
import PostgresTestSupport
import PostgresWire
import Testing

/// An exchange that costs one round of HMAC, for tests that play it often.
enum CheapExchange {
    static let password = SCRAMExchange.postgres.password
    static let serverFirst = Array(SCRAMExchange.postgres.serverFirst.utf8)

    /// Returns the key of the exchange, and the server's last message as an honest server would send it.
    static func keyAndServerFinal() throws -> (SCRAMKeys, [UInt8]) {
        var client = try SCRAMClient<CheapCryptography>(password: password)
        let bare = String(decoding: try client.clientFirstMessage().dropFirst("n,,".utf8.count), as: UTF8.self)
        let keys = try client.receive(serverFirst: serverFirst).keys(using: CheapCryptography.self)
        let withoutProof = "c=biws,r=cG9zdGdyZXMtc3RyZWFtaW5ndf9ZOzeE8lO7jodkZSqnK6nS"
        let authMessage = "\(bare),\(SCRAMExchange.postgres.serverFirst),\(withoutProof)"
        let signature = try OpenSSLCryptography.hmacSHA256(key: keys.serverKey.bytes, message: Array(authMessage.utf8))
        return (keys, Array("v=".utf8) + Base64.encode(signature))
    }

    /// Plays the exchange with the messages given; returns why it was refused, `nil` if the server was verified.
    static func refusal(serverFirst: [UInt8], serverFinal: [UInt8]) throws -> ProtocolViolation? {
        var client = try SCRAMClient<CheapCryptography>(password: password)
        do {
            _ = try SCRAMExchange.postgres.play(&client, serverFirst: serverFirst, serverFinal: serverFinal)
            #expect(client.isVerified)
            return nil
        } catch let violation as ProtocolViolation {
            #expect(!client.isVerified)
            return violation
        }
    }
}

@Suite struct SCRAMRobustnessTests {
    private static let words = [
        ",", "=", "r=", "s=", "i=", "m=", "e=", "v=", "x=y", ",x=y", ",m=x", "A", "AAAA", "==", "0", "-1",
        "99999999999",
    ]

    @Test func `the exchange as it is verifies the server`() throws {
        let (_, serverFinal) = try CheapExchange.keyAndServerFinal()
        #expect(try CheapExchange.refusal(serverFirst: CheapExchange.serverFirst, serverFinal: serverFinal) == nil)
    }

    @Test func `a message cut short anywhere never verifies`() throws {
        let (_, serverFinal) = try CheapExchange.keyAndServerFinal()
        for count in CheapExchange.serverFirst.indices {
            let short = Array(CheapExchange.serverFirst[..<count])
            let refusal = try CheapExchange.refusal(serverFirst: short, serverFinal: serverFinal)
            #expect(refusal?.kind == .authentication, "\(count) bytes")
        }
        for count in serverFinal.indices {
            let short = Array(serverFinal[..<count])
            let refusal = try CheapExchange.refusal(serverFirst: CheapExchange.serverFirst, serverFinal: short)
            #expect(refusal?.kind == .authentication, "\(count) bytes")
        }
    }

    @Test(arguments: [7677 as UInt64])
    func `ten thousand damaged first messages never verify`(seed: UInt64) throws {
        let (_, serverFinal) = try CheapExchange.keyAndServerFinal()
        var mutations = ByteMutations(seed: seed, words: Self.words)
        var reasons: Set<String> = []
        for number in 0..<10_000 {
            let damaged = mutations.next(of: CheapExchange.serverFirst)
            let refusal = try CheapExchange.refusal(serverFirst: damaged, serverFinal: serverFinal)
            if refusal == nil { Issue.record("mutation \(number) verified: \(damaged)") }
            reasons.insert(refusal?.message ?? "")
        }
        // Ten texts for ten thousand messages: none is made of what the peer sent. The last one belongs to messages
        // that are still well-formed, which shows that the damage reaches all the way through.
        #expect(reasons.count == 10)
        #expect(reasons.contains("SCRAM server-final message holds a wrong signature"))
    }

    @Test(arguments: [5802 as UInt64])
    func `ten thousand damaged last messages never verify`(seed: UInt64) throws {
        let (_, serverFinal) = try CheapExchange.keyAndServerFinal()
        var mutations = ByteMutations(seed: seed, words: Self.words)
        var reasons: Set<String> = []
        var extended = 0
        for number in 0..<10_000 {
            let damaged = mutations.next(of: serverFinal)
            // The signature with an optional extension behind it is not damaged.
            guard !damaged.starts(with: serverFinal + [UInt8(ascii: ",")]) else {
                extended += 1
                continue
            }
            let refusal = try CheapExchange.refusal(serverFirst: CheapExchange.serverFirst, serverFinal: damaged)
            if refusal?.kind != .authentication { Issue.record("mutation \(number) verified: \(damaged)") }
            reasons.insert(refusal?.message ?? "")
        }
        #expect(extended < 100)
        #expect(reasons.count == 7)
    }
}
