import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SCRAMServerFirstTests {
    private static let nonce = RecordedCryptography.nonce

    private func receive(
        _ message: [UInt8], iterationLimits: ClosedRange<Int> = 1...100_000, iterationsMin: Int = 1
    ) throws -> KeyDerivation {
        var client = try SCRAMClient<RecordedCryptography>(
            password: "pencil", iterationLimits: iterationLimits, iterationsMin: iterationsMin)
        _ = try client.clientFirstMessage()
        return try #require(try client.receive(serverFirst: message).derivation)
    }

    private func expectRefusal(_ message: [UInt8], _ reason: String) {
        let violation = #expect(throws: ProtocolViolation.self) { try receive(message) }
        #expect(violation == ProtocolViolation(.authentication, "SCRAM server-first message \(reason)"))
    }

    @Test func `the message holds nonce, salt and iterations`() throws {
        let derivation = try receive(Array("r=\(Self.nonce)x,s=AAEC,i=4096".utf8))
        #expect(derivation.password.bytes == Array("pencil".utf8))
        #expect(derivation.salt == [0, 1, 2])
        #expect(derivation.iterations == 4096)
    }

    @Test(arguments: [",x=y", ",x=y,z==", ",X=ü"])
    func `an optional extension at the end is ignored`(suffix: String) throws {
        let derivation = try receive(Array("r=\(Self.nonce)x,s=AAEC,i=4096\(suffix)".utf8))
        #expect(derivation.iterations == 4096)
    }

    @Test(arguments: ["m=x,r=\(nonce)x,s=AAEC,i=4096", "r=\(nonce)x,s=AAEC,i=4096,m=x", "r=\(nonce)x,m=x,s=AAEC,i=1"])
    func `a mandatory extension is refused`(message: String) {
        expectRefusal(Array(message.utf8), "demands an extension")
    }

    @Test(arguments: [
        "s=AAEC,r=\(nonce)x,i=4096", "r=\(nonce)x,i=4096,s=AAEC", "x=y,r=\(nonce)x,s=AAEC,i=4096",
        "r=\(nonce)x,x=y,s=AAEC,i=4096", "R=\(nonce)x,s=AAEC,i=4096", "e=other-error",
        "r=\(nonce)x,r=\(nonce)x,s=AAEC,i=4096",
    ])
    func `attributes in another order are refused`(message: String) {
        expectRefusal(Array(message.utf8), "has an attribute out of its order")
    }

    @Test(arguments: ["r=\(nonce)x", "r=\(nonce)x,s=AAEC"])
    func `a missing attribute is refused`(message: String) {
        expectRefusal(Array(message.utf8), "lacks an attribute")
    }

    @Test(arguments: [
        "", ",", "r", "r=", "rx\(nonce)", "r=\(nonce)x,,s=AAEC,i=1", "r=\(nonce)x,s=,i=1", "r=\(nonce)x,s=AAEC,i=",
        "r=\(nonce)x,s=AAEC,i=1,", "r=\(nonce)x,s=AAEC,i=1,x", "r=\(nonce)x,s=AAEC,i=1,x=",
        "r=\(nonce)x,s=AAEC,i=1,1=x", "r=\(nonce)x,s=AAEC,i=1,ü=x", " r=\(nonce)x,s=AAEC,i=1",
    ])
    func `what is not a list of attributes is refused`(message: String) {
        expectRefusal(Array(message.utf8), "is not a list of attributes")
    }

    @Test func `what is not text is refused`() {
        let message = Array("r=\(Self.nonce)x,s=AAEC,i=4096,x=y".utf8)
        for bytes in [[0], [0xFF], [0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            expectRefusal(message + bytes, "is not text")
        }
    }

    @Test(arguments: [
        nonce, String(nonce.dropLast()), "x" + nonce, "x", nonce.lowercased() + "x", String(nonce.dropLast()) + "xx",
    ])
    func `a nonce that does not extend ours is refused`(nonce: String) {
        expectRefusal(Array("r=\(nonce),s=AAEC,i=4096".utf8), "holds a nonce that does not extend the client's")
    }

    @Test(arguments: [" ", "\u{7F}", "ü", "\n"])
    func `a nonce that is not printable is refused`(character: String) {
        expectRefusal(
            Array("r=\(Self.nonce)\(character),s=AAEC,i=4096".utf8), "holds a nonce that is not printable")
    }

    @Test(arguments: ["A", "AAE", "AA=C", "AAEC=", "====", "AAE*", "AAF=", "AAEC AAEC", "AA-_"])
    func `a salt that is not base64 is refused`(salt: String) {
        expectRefusal(Array("r=\(Self.nonce)x,s=\(salt),i=4096".utf8), "holds a salt that is not base64")
    }

    @Test(arguments: [
        "0", "-1", "+1", "04096", "4096 ", " 4096", "0x10", "1e3", "4096.0", "x", "٤", "-2147483648",
        "0" + String(repeating: "9", count: 3_000),
    ])
    func `an iteration count that is no positive number is refused`(count: String) {
        expectRefusal(
            Array("r=\(Self.nonce)x,s=AAEC,i=\(count)".utf8), "holds an iteration count that is no positive number")
    }

    @Test(arguments: [
        "100001", "2147483648", "999999999999999999999", "9223372036854775807", "9223372036854775808",
        "18446744073709551617", "1000000000000000000000000000000", String(repeating: "9", count: 3_000),
    ])
    func `an iteration count above the limit is refused`(count: String) {
        let violation = #expect(throws: ProtocolViolation.self) {
            try receive(Array("r=\(Self.nonce)x,s=AAEC,i=\(count)".utf8))
        }
        #expect(violation?.kind == .authenticationWork)
        #expect(violation?.message == "the server asks for a count of SCRAM iterations outside 1...100000")
    }

    @Test(arguments: [(1, false), (4095, false), (4096, true), (100_000, true)])
    func `few iterations are refused where nothing vouches for the server`(count: Int, isTaken: Bool) throws {
        let message = Array("r=\(Self.nonce)x,s=AAEC,i=\(count)".utf8)
        #expect(try receive(message, iterationsMin: 1).iterations == count)
        guard !isTaken else {
            #expect(try receive(message, iterationsMin: 4096).iterations == count)
            return
        }
        let violation = #expect(throws: ProtocolViolation.self) { try receive(message, iterationsMin: 4096) }
        #expect(violation?.kind == .authenticationWeakness)
        #expect(violation?.message == "the server asks for fewer than 4096 SCRAM iterations, and is not verified")
    }

    @Test func `a least count above the limit leaves none`() {
        for count in [1, 100, 101] {
            #expect(throws: ProtocolViolation.self) {
                try receive(
                    Array("r=\(Self.nonce)x,s=AAEC,i=\(count)".utf8), iterationLimits: 1...100, iterationsMin: 4096)
            }
        }
    }

    @Test(arguments: ["r=x", "s=AAEC", "i=1", "v=AAAA", "e=x", "n=x", "x=y,i=1"])
    func `an attribute that comes twice or has its place elsewhere is refused`(attribute: String) {
        expectRefusal(
            Array("r=\(Self.nonce)x,s=AAEC,i=4096,\(attribute)".utf8), "has an attribute out of its order")
    }

    @Test func `the limits of the iteration count are settable and inclusive`() throws {
        func receive(_ count: Int) throws -> KeyDerivation {
            try self.receive(Array("r=\(Self.nonce)x,s=AAEC,i=\(count)".utf8), iterationLimits: 4096...200_000)
        }
        #expect(throws: ProtocolViolation.self) { try receive(4095) }
        #expect(try receive(4096).iterations == 4096)
        #expect(try receive(200_000).iterations == 200_000)
        #expect(throws: ProtocolViolation.self) { try receive(200_001) }
        #expect(try self.receive(Array("r=\(Self.nonce)x,s=AAEC,i=100000".utf8)).iterations == 100_000)
        #expect(try self.receive(Array("r=\(Self.nonce)x,s=AAEC,i=1".utf8)).iterations == 1)
    }

    @Test func `a message of 4 KiB is the longest`() throws {
        let message = Array("r=\(Self.nonce)x,s=AAEC,i=4096,x=".utf8)
        let filler = [UInt8](repeating: UInt8(ascii: "y"), count: 4096 - message.count)
        #expect(try receive(message + filler).iterations == 4096)
        expectRefusal(message + filler + [UInt8(ascii: "y")], "is longer than the limit")
    }
}
