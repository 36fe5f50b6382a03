import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct FrontendBufferTests {
    private static let sync: [UInt8] = [UInt8(ascii: "S"), 0, 0, 0, 4]

    @Test func `messages lie end to end`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(Sync())
        try buffer.append(Sync())
        #expect([UInt8](copying: buffer.pending) == Self.sync + Self.sync)
        #expect(buffer.count == 10 && !buffer.isEmpty)
    }

    @Test func `what the transport took is not pending any more`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(Query(sql: "a"))
        let whole = [UInt8](copying: buffer.pending)
        for sent in 1...whole.count {
            buffer.markSent(1)
            #expect([UInt8](copying: buffer.pending) == Array(whole[sent...]))
        }
        #expect(buffer.isEmpty && buffer.count == 0)
    }

    @Test func `a message appended to a half-sent one goes behind it`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(Sync())
        buffer.markSent(3)
        try buffer.append(Sync())
        #expect([UInt8](copying: buffer.pending) == [0, 4] + Self.sync)
    }

    @Test func `a flight is encoded whole or not at all`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(Sync())
        buffer.markSent(2)
        #expect(throws: FrontendMessageError.containsNUL) {
            try buffer.flight { flight throws(FrontendMessageError) in
                try Parse(sql: "SELECT 1").encode(into: &flight)
                try Query(sql: "\0").encode(into: &flight)
                try Sync().encode(into: &flight)
            }
        }
        #expect([UInt8](copying: buffer.pending) == [0, 0, 4])
        try buffer.append(Sync())
        #expect([UInt8](copying: buffer.pending) == [0, 0, 4] + Self.sync)
    }

    @Test func `a buffer is used again after everything was sent`() throws {
        var buffer = FrontendBuffer()
        for size in [1, 100_000, 1] {
            let message = Query(sql: String(repeating: "x", count: size))
            try buffer.append(message)
            #expect(try [UInt8](copying: buffer.pending) == FrontendBytes.encode(message))
            buffer.markSent(buffer.count)
            #expect(buffer.isEmpty)
        }
    }
}
