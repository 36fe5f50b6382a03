import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct MessageLimitsTests {
    /// A class of messages and the most that its length field may say.
    struct Limit: Sendable, CustomStringConvertible {
        let description: String
        let types: [Character]
        let isAuthenticated: Bool
        let bytes: Int

        init(_ description: String, _ types: [Character], isAuthenticated: Bool = true, _ bytes: Int) {
            self.description = description
            self.types = types
            self.isAuthenticated = isAuthenticated
            self.bytes = bytes
        }
    }

    private static let limits = [
        Limit("rows and copied data", ["D", "d"], 64 << 20),
        Limit("errors and notices", ["E", "N"], 64 << 20),
        Limit("others", ["T", "S", "A", "V"], 1 << 20),
        Limit("authentication", ["R"], 4 << 10),
        Limit("authentication before it succeeded", ["R"], isAuthenticated: false, 4 << 10),
        Limit("before authentication", ["E", "N", "S", "d"], isAuthenticated: false, 64 << 10),
    ]

    @Test(arguments: limits)
    func `a message of the longest length allowed is waited for`(limit: Limit) {
        for type in limit.types {
            let reader = announce(type, Int32(limit.bytes), limit.isAuthenticated)
            #expect(reader.pieces.isEmpty)
            // How long a row will be is believed once its column count is there.
            #expect(reader.messageBytes == (type == "D" ? 7 : limit.bytes + 1))
        }
    }

    @Test(arguments: limits)
    func `a longer message is a violation and gets no memory`(limit: Limit) {
        for type in limit.types {
            for length in [Int32(limit.bytes) + 1, 1 << 30, .max] {
                let reader = announce(type, length, limit.isAuthenticated)
                let message = "message of \(length) bytes is longer than the limit of \(limit.bytes)"
                #expect(reader.pieces == [.violation(ProtocolViolation(.messageTooLarge, message))])
                #expect(reader.buffer.slab.capacity == ReceiveBuffer.slabBytesMin)
            }
        }
    }

    @Test(arguments: limits, [.min, -5, -1, 0, 1, 3] as [Int32])
    func `a length below its own four bytes is a violation`(limit: Limit, length: Int32) {
        for type in limit.types {
            guard case .violation(let violation) = announce(type, length, limit.isAuthenticated).pieces.last else {
                Issue.record("\(type) of length \(length) was taken")
                continue
            }
            #expect(violation.kind == .malformedMessage)
        }
    }

    @Test func `rows in front of one that is too long are delivered`() {
        let limits = MessageLimits(rowBytesMax: 15)
        let bytes = BackendBytes().row([[1, 2, 3, 4, 5]]).row([[1, 2, 3, 4, 5, 6]]).bytes
        for parts in ByteSplits.all(of: bytes) {
            var reader = FrameReader(columnCount: 1, limits: limits)
            let violation = ProtocolViolation(.messageTooLarge, "message of 16 bytes is longer than the limit of 15")
            #expect(reader.receive(parts: parts) == [.row([[1, 2, 3, 4, 5]]), .violation(violation)])
        }
    }

    @Test func `the limit of rows stays between one byte and what a server can build`() {
        #expect(MessageLimits(rowBytesMax: .min).rowBytesMax == 1)
        #expect(MessageLimits(rowBytesMax: .max).rowBytesMax == (1 << 30) - 1)
        #expect(MessageLimits(rowBytesMax: 100).rowBytesMax == 100)
    }

    @Test func `a row of the longest length allowed is waited for`() {
        var reader = FrameReader(columnCount: 1)
        reader.receive(BackendBytes().message("D", length: 64 << 20, BackendBytes.int16(1)).bytes)
        #expect(reader.pieces.isEmpty)
        #expect(reader.messageBytes == (64 << 20) + 1)
    }

    /// Only the header comes.
    private func announce(_ type: Character, _ length: Int32, _ isAuthenticated: Bool) -> FrameReader {
        var reader = FrameReader(columnCount: 1, isAuthenticated: isAuthenticated)
        reader.receive(BackendBytes().message(type, length: length, []).bytes)
        return reader
    }
}
