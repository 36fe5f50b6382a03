import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct HostileBackendMessageTests {
    @Test func `mutated messages decode or are violations, and never trap`() {
        let seed = UInt64.random(in: .min ... .max)
        // A trap would take the failure message with it, so the seed is out before anything is decoded.
        print("mutations of backend messages: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let samples = BackendMessageSamples.all.map { ($0.type, $0.body) } + [(UInt8(ascii: "D"), Self.row)]
        var decoded = 0
        var refused = 0
        for _ in 0..<20_000 {
            var (type, body) = samples[Int.random(in: 0..<samples.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&body, using: &generator) }
            if Int.random(in: 0..<20, using: &generator) == 0 { type = generator.next() }
            do throws(ProtocolViolation) {
                try decode(type, body)
                decoded += 1
            } catch {
                refused += 1
            }
        }
        #expect(decoded > 0 && refused > 0, "seed \(seed)")
    }

    @Test(arguments: ["T", "t", "D", "G", "H", "W"] as [Character])
    func `a count that the body cannot hold is a violation`(type: Character) {
        let overall: [UInt8] = "GHW".contains(type) ? [0] : []
        for count in [1, 2, 1_664, 32_767, -1, -32_768] as [Int16] {
            let violation = #expect(throws: ProtocolViolation.self) {
                try decode(type.asciiValue ?? 0, overall + BackendBytes.int16(count))
            }
            // Refused by the count itself, before room is made for a single item.
            #expect(violation?.message.hasSuffix("announces more items than it holds") == true)
        }
    }

    @Test(arguments: [1, 1_000_000, .max, -1, .min] as [Int32])
    func `a count of unknown options that the body cannot hold is a violation`(count: Int32) {
        let body = BackendBytes.int32(196_608) + BackendBytes.int32(count)
        #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "v"), body) }
    }

    @Test(arguments: [-2, -256, .min, .max, 5] as [Int32])
    func `a length that is neither NULL nor fits is a violation`(length: Int32) {
        let value = BackendBytes.int32(length) + [1, 2, 3, 4]
        #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "V"), value) }
        #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "D"), BackendBytes.int16(1) + value) }
    }

    @Test func `a string that is not UTF-8 is repaired`() throws {
        let body: [UInt8] = [0x61, 0xFF, 0xC3, 0x00, 0xED, 0xA0, 0x80, 0x00]
        let status = try ParameterStatus(validating: unsafe body.span.bytes)
        #expect(status.name == "a\u{FFFD}\u{FFFD}")
        #expect(status.value == "\u{FFFD}\u{FFFD}\u{FFFD}")
    }

    @Test(arguments: [2, -1, 256, .max] as [Int16])
    func `an unknown format code is a violation`(code: Int16) {
        let column = BackendBytes.string("a") + [UInt8](repeating: 0, count: 16) + BackendBytes.int16(code)
        #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "T"), BackendBytes.int16(1) + column) }
        let copy = [1] + BackendBytes.int16(1) + BackendBytes.int16(code)
        #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "G"), copy) }
    }

    @Test func `a copy is text or binary, and text has no binary columns`() {
        let none = BackendBytes.int16(0)
        let oneBinary = BackendBytes.int16(1) + BackendBytes.int16(1)
        for body in [[2] + none, [255] + none, [0] + oneBinary] {
            #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "H"), body) }
        }
    }

    @Test func `an unknown transaction status is a violation`() {
        for status in [0, UInt8(ascii: "i"), 0xFF] {
            #expect(throws: ProtocolViolation.self) { try decode(UInt8(ascii: "Z"), [status]) }
        }
    }

    @Test func `a violation tells nothing of what the peer wrote`() {
        let violation = #expect(throws: ProtocolViolation.self) {
            try decode(UInt8(ascii: "S"), BackendBytes.string("hunter2") + Array("hunter2".utf8))
        }
        #expect(violation?.message == "ParameterStatus message holds a string without its terminator")
    }

    private static let row =
        BackendBytes.int16(3) + BackendBytes.int32(2) + [1, 2] + BackendBytes.int32(-1) + BackendBytes.int32(0)

    private func decode(_ type: UInt8, _ body: [UInt8]) throws(ProtocolViolation) {
        if type == UInt8(ascii: "D") {
            _ = try DataRow(validating: unsafe body.span.bytes)
        } else {
            _ = try BackendMessage(type: type, body: unsafe body.span.bytes)
        }
    }

    private func mutate(_ body: inout [UInt8], using generator: inout SeededGenerator) {
        let place = Int.random(in: 0...body.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: body.insert(generator.next(), at: place)
        case 1: body.removeSubrange(place...)
        case 2: body.insert([0, 0xFF, 0x7F, 0x80].randomElement(using: &generator) ?? 0, at: place)
        default: if place < body.count { body[place] = generator.next() }
        }
    }
}
