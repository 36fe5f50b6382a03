import PostgresLocking
import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SecretBytesTests {
    private static let secret = Array("hunter2-hunter2-hunter2".utf8)

    /// What a secret's storage held when it was about to be freed, and where it lay.
    private final class Witness: Sendable {
        private let state = Locked<(place: Int, bytes: [UInt8])?>(nil)

        var bytes: [UInt8]? { state.withLock { $0?.bytes } }
        var place: Int? { state.withLock { $0?.place } }

        func look(_ span: RawSpan) {
            let seen = (SecretBytesTests.place(of: span), [UInt8](copying: span))
            state.withLock { $0 = seen }
        }
    }

    private static func place(of span: RawSpan) -> Int {
        unsafe span.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test func `the storage is zero before it is freed`() {
        let witness = Witness()
        var bytes = Self.secret
        bytes.append(1)
        let place = unsafe Self.place(of: bytes.span.bytes)
        do {
            let secret = SecretBytes(bytes, afterOverwriting: witness.look)
            bytes = []
            #expect(secret.bytes == Self.secret + [1])
            #expect(witness.bytes == nil)
        }
        #expect(witness.bytes == [UInt8](repeating: 0, count: Self.secret.count + 1))
        #expect(witness.place == place, "the bytes that were overwritten are those that were taken over")
    }

    @Test func `the last owner counts`() {
        let witness = Witness()
        var first: SecretBytes? = SecretBytes(Self.secret.map { $0 }, afterOverwriting: witness.look)
        let second = [first, first]
        first = nil
        #expect(witness.bytes == nil)
        #expect(second.first??.count == Self.secret.count)
    }

    @Test func `a copy leaves the original as it is`() {
        let original = Self.secret.map { $0 }
        do {
            let secret = SecretBytes(copying: original)
            #expect(secret.bytes == original)
            #expect(
                unsafe Self.place(of: secret.bytes.span.bytes) != Self.place(of: original.span.bytes),
                "overwriting the copy must not touch it")
        }
        #expect(original == Self.secret)
    }

    @Test func `an empty secret is one too`() {
        let witness = Witness()
        do { _ = SecretBytes([], afterOverwriting: witness.look) }
        #expect(witness.bytes == [])
    }

    @Test func `secrets are equal by their bytes`() {
        let secret = SecretBytes(copying: Self.secret)
        #expect(secret == SecretBytes(copying: Self.secret))
        #expect(secret.hashValue == SecretBytes(copying: Self.secret).hashValue)
        for index in Self.secret.indices {
            var other = Self.secret
            other[index] ^= 0x80
            #expect(secret != SecretBytes(other))
        }
        #expect(secret != SecretBytes(copying: Self.secret.dropLast()))
        #expect(SecretBytes([]) != secret)
    }

    @Test func `an array is overwritten from any place on`() {
        for start in 0...4 {
            var bytes: [UInt8] = [1, 2, 3, 4]
            bytes.overwrite(from: start)
            #expect(bytes == [1, 2, 3, 4].prefix(start) + [UInt8](repeating: 0, count: 4 - start))
        }
    }

    // MARK: on the way out

    /// Reads a buffer's storage behind its end, where the last message was: it is kept, and so can be looked at.
    private func storage(of buffer: borrowing FrontendBuffer, count: Int) -> [UInt8] {
        unsafe buffer.pending.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return [] }
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
        }
    }

    @Test func `a buffer overwrites a password once it is sent`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(PasswordMessage(password: "hunter2"))
        let count = buffer.count
        buffer.markSent(count - 1)
        #expect([UInt8](copying: buffer.pending) == [0])
        buffer.markSent(1)
        #expect(storage(of: buffer, count: count) == [UInt8](repeating: 0, count: count))
    }

    @Test func `a buffer overwrites a proof once it is sent`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(SASLResponse(data: Self.secret))
        let count = buffer.count
        buffer.markSent(count)
        #expect(storage(of: buffer, count: count) == [UInt8](repeating: 0, count: count))
    }

    @Test func `a buffer keeps what is no secret as it is`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(PasswordMessage(password: "hunter2"))
        buffer.markSent(buffer.count)
        try buffer.append(Query(sql: "SELECT 1"))
        let message = [UInt8](copying: buffer.pending)
        buffer.markSent(buffer.count)
        #expect(storage(of: buffer, count: message.count) == message)
    }

    @Test func `a message that cannot be encoded leaves no part of a password behind`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(Sync())
        #expect(throws: FrontendMessageError.containsNUL) {
            try buffer.flight { flight throws(FrontendMessageError) in
                try PasswordMessage(password: "hunter2").encode(into: &flight)
                try Query(sql: "\0").encode(into: &flight)
            }
        }
        #expect(try [UInt8](copying: buffer.pending) == FrontendBytes.encode(Sync()))
        #expect(storage(of: buffer, count: 18).dropFirst(5) == [UInt8](repeating: 0, count: 13)[...])
    }

    @Test func `room for a password is made before it is written`() throws {
        var buffer = FrontendBuffer()
        try buffer.append(Sync())
        buffer.makeRoom(forSecret: 5_000)
        let place = Self.place(of: buffer.pending)
        try buffer.append(PasswordMessage(password: String(repeating: "x", count: 4_900)))
        #expect(Self.place(of: buffer.pending) == place)
    }

    @Test func `a session that is given up drops what it did not send`() throws {
        var session = try SessionStage.ownAnswer.session()
        session.outbound.markSent(session.outbound.count)
        try session.sendPassword(PasswordMessage(password: "hunter2"))
        #expect(session.outbound.isEmpty == false)
        session.abandon()
        #expect(session.outbound.isEmpty == true)
    }
}
