import PostgresTestSupport
import PostgresWire
import Testing

/// The messages of COPY and of portals, cut anywhere, and with lengths and counts that lie.
@Suite struct CopyFramingTests {
    private static let samples = BackendMessageSamples.all.filter { "GHWdcs".utf8.contains($0.type) }

    @Test func `every message of COPY is decoded however it is cut, alone and after others`() throws {
        let bytes = Self.samples.flatMap(\.bytes)
        for parts in Self.samples.flatMap({ ByteSplits.all(of: $0.bytes) }) + ByteSplits.all(of: bytes) {
            let sent = parts.flatMap { $0 }
            let expected = sent == bytes ? Self.samples : Self.samples.filter { $0.bytes == sent }
            var reader = FrameReader()
            #expect(try messages(reader.receive(parts: parts)) == expected.map(\.expected))
        }
    }

    @Test(arguments: ["G", "H", "W"] as [Character])
    func `a count of formats that the length does not bear out is a violation`(type: Character) {
        for (count, formats) in [(2, 1), (0, 1), (1, 0), (-1, 1), (Int16.max, 2), (Int16.min, 0)] as [(Int16, Int)] {
            let body = [0] + BackendBytes.int16(count) + [UInt8](repeating: 0, count: 2 * formats)
            for parts in ByteSplits.all(of: BackendBytes().message(type, body).bytes) {
                var reader = FrameReader()
                let pieces = reader.receive(parts: parts)
                #expect(throws: ProtocolViolation.self) { try messages(pieces) }
            }
        }
    }

    @Test(arguments: ["G", "H", "W", "c", "s", "d"] as [Character])
    func `a length that the message cannot have is a violation as soon as its header is there`(type: Character) {
        for length in [-1, 0, 3, Int32.min, .max] as [Int32] + ("GHW".contains(type) ? [4, 6, 8] : []) {
            for parts in ByteSplits.all(of: BackendBytes().message(type, length: length, []).bytes) {
                var reader = FrameReader()
                let isRefused = if case .violation? = reader.receive(parts: parts).last { true } else { false }
                #expect(isRefused == true, "\(type) of \(length)")
            }
        }
    }

    @Test func `copied data may be as long as a row and no longer`() {
        for (count, isAllowed) in [(96, true), (97, false)] {
            var reader = FrameReader(limits: MessageLimits(rowBytesMax: 100))
            let message = BackendBytes().message("d", [UInt8](repeating: 7, count: count))
            let isTaken = if case .message? = reader.receive(parts: [message.bytes]).last { true } else { false }
            #expect(isTaken == isAllowed)
        }
    }

    private func messages(_ pieces: [FrameReader.Piece]) throws(ProtocolViolation) -> [BackendMessage] {
        var messages: [BackendMessage] = []
        for piece in pieces {
            switch piece {
            case .message(let type, let body): messages.append(try BackendMessage(type: type, body: body.rawSpan))
            case .violation(let violation): throw violation
            case .row: break
            }
        }
        return messages
    }
}
