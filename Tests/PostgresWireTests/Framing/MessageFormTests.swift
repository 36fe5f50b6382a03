import PostgresTestSupport
import PostgresWire
import Testing

/// A length that a message's type cannot have is refused with the header, and not waited for.
@Suite struct MessageFormTests {
    /// The messages of one type, by the least and the greatest length that they can have; nil where only the limits of
    /// `MessageLimits` end them.
    struct Form: Sendable, CustomTestStringConvertible {
        let type: Character
        let name: String
        let least: Int32
        let greatest: Int32?
        var testDescription: String { name }

        init(_ type: Character, _ name: String, _ least: Int32, _ greatest: Int32?) {
            (self.type, self.name, self.least, self.greatest) = (type, name, least, greatest)
        }
    }

    static let forms = [
        Form("1", "ParseComplete", 4, 4), Form("2", "BindComplete", 4, 4), Form("3", "CloseComplete", 4, 4),
        Form("I", "EmptyQueryResponse", 4, 4), Form("c", "CopyDone", 4, 4), Form("n", "NoData", 4, 4),
        Form("s", "PortalSuspended", 4, 4), Form("Z", "ReadyForQuery", 5, 5), Form("K", "BackendKeyData", 12, 264),
        Form("C", "CommandComplete", 5, 1_028), Form("v", "NegotiateProtocolVersion", 12, 1_036),
        Form("G", "CopyInResponse", 7, 65_541), Form("H", "CopyOutResponse", 7, 65_541),
        Form("W", "CopyBothResponse", 7, 65_541), Form("t", "ParameterDescription", 6, 262_146),
        Form("A", "NotificationResponse", 10, nil), Form("D", "DataRow", 6, nil), Form("E", "ErrorResponse", 5, nil),
        Form("N", "NoticeResponse", 5, nil), Form("R", "Authentication", 8, nil),
        Form("S", "ParameterStatus", 6, nil), Form("T", "RowDescription", 6, nil),
        Form("V", "FunctionCallResponse", 8, nil), Form("d", "CopyData", 4, nil),
    ]

    @Test func `every message type has a form`() {
        let types = Set(BackendMessageSamples.all.map(\.type)).union([UInt8(ascii: "D")])
        #expect(Set(Self.forms.compactMap(\.type.asciiValue)) == types)
    }

    @Test(arguments: forms)
    func `the least and the greatest length are waited for`(form: Form) {
        for length in [form.least, form.greatest ?? 4 << 10] {
            let pieces = announce(form.type, length)
            // A message without a body is whole.
            #expect(pieces.isEmpty || pieces == [.message(type: form.type.asciiValue ?? 0, body: [])], "\(length)")
        }
    }

    @Test(arguments: forms)
    func `one less and one more are refused byte by byte`(form: Form) {
        for length in [form.least - 1, form.greatest.map { $0 + 1 }, form.greatest.map { _ in 100_001 }].compactMap(
            \.self)
        where !(form.least...(form.greatest ?? .max)).contains(length) {
            guard case .violation(let violation)? = announce(form.type, length).last else {
                Issue.record("a length of \(length) was taken")
                continue
            }
            #expect(violation.kind == .malformedMessage)
            if form.type != "D", length >= 4 {
                #expect(violation.message.hasPrefix("\(form.name) message announces a length of \(length), which "))
            }
        }
    }

    @Test(arguments: [("t", 7), ("t", 9), ("G", 8), ("H", 10), ("W", 8)] as [(Character, Int32)])
    func `a list cannot end within an item`(type: Character, length: Int32) {
        guard case .violation(let violation)? = announce(type, length).last else {
            Issue.record("\(type) of length \(length) was taken")
            return
        }
        #expect(violation.kind == .malformedMessage)
        #expect(violation.message.contains("which grows by"))
    }

    @Test(arguments: [(0, 8), (2, 8), (3, 8), (5, 12), (7, 8), (9, 8)] as [(Int32, Int32)])
    func `an authentication request has the length of its code`(code: Int32, only: Int32) {
        for length in [8, 9, 12, 13, 4_096] as [Int32] where length != only {
            let bytes = BackendBytes().message("R", length: length, BackendBytes.int32(code)).bytes
            for parts in ByteSplits.all(of: bytes) {
                var reader = FrameReader(isAuthenticated: false)
                let pieces = reader.receive(parts: parts)
                // One that is too short is whole, and for its decoder to refuse.
                guard length > 8 else { continue }
                let message = "Authentication message announces a length of \(length), which can only be \(only)"
                #expect(pieces == [.violation(ProtocolViolation(.malformedMessage, message))])
            }
        }
    }

    /// Only the header comes, byte by byte.
    private func announce(_ type: Character, _ length: Int32) -> [FrameReader.Piece] {
        var reader = FrameReader(columnCount: 0)
        return reader.receive(parts: BackendBytes().message(type, length: length, []).bytes.map { [$0] })
    }
}
