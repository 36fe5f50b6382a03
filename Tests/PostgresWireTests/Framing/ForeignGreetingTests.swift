import PostgresTestSupport
import PostgresWire
import Testing

/// What answers in another protocol is called that, and not a message that is too long.
@Suite struct ForeignGreetingTests {
    private func pieces(_ bytes: [UInt8]) -> [FrameReader.Piece] {
        var reader = FrameReader(isAuthenticated: false, awaitsGreeting: true)
        return reader.receive(parts: [bytes])
    }

    private func foreign(_ text: String) -> [FrameReader.Piece] {
        [
            .violation(
                ProtocolViolation(.foreignProtocol, "what answers is not a Postgres server: it says \"\(text)\""))
        ]
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2p1", "HTTP/1.1 400 Bad Request", "220 mail.example ESMTP", "* OK IMAP4rev1", "RFB 003.008",
        "NOTICE AUTH :*** Looking up", "-ERR unknown command", "DENIED Redis is running", "+OK POP3 ready", "ready",
    ])
    func `a greeting is quoted up to the end of its line`(text: String) {
        #expect(pieces(Array("\(text)\r\nmore\r\n".utf8)) == foreign(text))
    }

    @Test func `a long greeting is cut`() {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 500)
        #expect(pieces(line) == foreign("\(String(repeating: "x", count: 32))..."))
    }

    @Test func `what is not printable is escaped, and so are quotes`() {
        #expect(pieces([0x15, 0x03, 0x01, 0x00, 0x02, 0x02]) == foreign("\\x15\\x03\\x01\\x00\\x02\\x02"))
        #expect(pieces([0x4A, 0, 0, 0, 0x0A] + "8.0\"\\".utf8) == foreign("J\\x00\\x00\\x00"))
        #expect(pieces(Array("*\"\\\u{1B}[0m é".utf8)) == foreign("*\\x22\\x5c\\x1b[0m \\xc3\\xa9"))
    }

    @Test func `five bytes are enough to tell`() {
        var reader = FrameReader(isAuthenticated: false, awaitsGreeting: true)
        for (index, byte) in "HTTP/1.1".utf8.enumerated() {
            reader.receive([byte])
            #expect(reader.pieces.isEmpty == (index < 4))
        }
        #expect(reader.pieces == foreign("HTTP/"))
    }

    @Test func `what a server may say first is no greeting of another protocol`() {
        for sample in BackendMessageSamples.all where "RENv".utf8.contains(sample.type) {
            for parts in ByteSplits.all(of: sample.bytes) {
                var reader = FrameReader(isAuthenticated: false, awaitsGreeting: true)
                #expect(reader.receive(parts: parts) == [.message(type: sample.type, body: sample.body)])
            }
        }
    }

    @Test func `a message out of order is still that, and an error as text is still a refusal`() {
        let ready = BackendBytes().ready().bytes
        #expect(pieces(ready) == [.message(type: UInt8(ascii: "Z"), body: [UInt8(ascii: "I")])])
        let text = ProtocolViolation(.unframedRefusal, "server refused the connection before start-up")
        #expect(pieces(Array("Ecould not fork new process\n\0".utf8)) == [.violation(text)])
        let long = BackendBytes().message("R", length: 100_000, []).bytes
        let tooLarge = ProtocolViolation(.messageTooLarge, "message of 100000 bytes is longer than the limit of 4096")
        #expect(pieces(long) == [.violation(tooLarge)])
    }

    @Test func `later in a session nothing of the peer is quoted`() {
        var reader = FrameReader()
        let pieces = reader.receive(parts: [Array("HTTP/1.1 400 Bad Request".utf8)])
        let message = "message of 1414811695 bytes is longer than the limit of 1048576"
        #expect(pieces == [.violation(ProtocolViolation(.messageTooLarge, message))])
    }
}
