import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct BackendMessageTests {
    @Test(arguments: BackendMessageSamples.all)
    func `every sample decodes to what it means`(sample: BackendMessageSamples.Sample) throws {
        let body = sample.body
        #expect(try BackendMessage(type: sample.type, body: unsafe body.span.bytes) == sample.expected)
    }

    @Test(arguments: BackendMessageSamples.all)
    func `a truncated body is a violation`(sample: BackendMessageSamples.Sample) {
        for count in 0..<sample.body.count where count < sample.freeFormOffset ?? .max {
            #expect(throws: ProtocolViolation.self, "first \(count) bytes") {
                try decode(sample.type, Array(sample.body[..<count]))
            }
        }
    }

    @Test(arguments: BackendMessageSamples.all)
    func `an extra byte is a violation unless the body is free-form`(sample: BackendMessageSamples.Sample) throws {
        let longer = sample.body + [0]
        if sample.freeFormOffset != nil {
            try decode(sample.type, longer)
        } else {
            #expect(throws: ProtocolViolation.self) { try decode(sample.type, longer) }
        }
    }

    @Test func `only tokens, keys and copied data are free-form`() {
        let names = BackendMessageSamples.all.filter { $0.freeFormOffset != nil }.map(\.name)
        #expect(
            names == [
                "authentication: GSS token", "authentication: SASL challenge", "authentication: SASL outcome",
                "authentication: unlisted request", "key of protocol 3.0", "key of protocol 3.2", "copy data",
            ])
    }

    @Test func `every known type byte has a sample`() {
        let sampled = Set(BackendMessageSamples.all.map(\.type))
        for type in UInt8.min...UInt8.max where !sampled.contains(type) {
            let violation = #expect(throws: ProtocolViolation.self) { try decode(type, []) }
            #expect(violation?.kind == (type == UInt8(ascii: "D") ? .unexpectedMessage : .unknownMessage))
        }
        #expect(sampled.count == 23)
    }

    @Test func `an unknown type is named by its byte in hex`() {
        for (type, text) in [(UInt8(0x07), "0x07"), (UInt8(ascii: "!"), "0x21"), (0xFF, "0xff")] {
            let violation = #expect(throws: ProtocolViolation.self) { try decode(type, [1, 2, 3]) }
            #expect(violation?.message == "message of unknown type \(text)")
        }
    }

    @Test func `a message tells its name in the manual`() {
        let names = Set(BackendMessageSamples.all.map { "\($0.expected.name)" })
        #expect(names.count == 23)
        #expect(BackendMessage.readyForQuery(ReadyForQuery(status: .idle)).name.description == "ReadyForQuery")
        #expect(BackendMessage.noData(NoData()).name.description == "NoData")
    }

    @Test func `a negotiated version is understood with and without its major number`() throws {
        for code in [Int32(2), 196_610] {
            let body = BackendBytes.int32(code) + BackendBytes.int32(0)
            let message = try NegotiateProtocolVersion(validating: unsafe body.span.bytes)
            #expect(message.newestVersion == ProtocolVersion(major: 3, minor: 2))
            #expect(message.unknownOptions.isEmpty)
        }
    }

    @Test func `a key has between 4 and 256 bytes`() throws {
        for (count, isLegal) in [(3, false), (4, true), (256, true), (257, false)] {
            let body = BackendBytes.int32(1) + [UInt8](repeating: 1, count: count)
            if isLegal {
                #expect(try BackendKeyData(validating: unsafe body.span.bytes).secretKey.count == count)
            } else {
                #expect(throws: ProtocolViolation.self) { try BackendKeyData(validating: unsafe body.span.bytes) }
            }
        }
    }

    private func decode(_ type: UInt8, _ body: [UInt8]) throws(ProtocolViolation) {
        _ = try BackendMessage(type: type, body: unsafe body.span.bytes)
    }
}
