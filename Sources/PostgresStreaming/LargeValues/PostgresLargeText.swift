/// One text in the pieces in which it is received, each of them whole characters of UTF-8; see `PostgresLargeRows`.
public struct PostgresLargeText: AsyncSequence {
    /// What one read brought, never empty.
    public typealias Element = String
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let value: PostgresLargeValue

    init(_ value: PostgresLargeValue) { self.value = value }

    /// Begins, or goes on with, the text.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: value.makeAsyncIterator()) }

    /// Steps from piece to piece.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: PostgresLargeValue.AsyncIterator
        /// The beginning of a character that goes on in the next piece.
        private var border: [UInt8] = []

        init(bytes: PostgresLargeValue.AsyncIterator) { self.bytes = bytes }

        /// Returns the next piece, or nil at the end of the text.
        ///
        /// - Throws: `valueMalformed` for bytes that are not UTF-8; as the value.
        public mutating func next() async throws(PostgresError) -> String? { try await next(isolation: #isolation) }

        /// Returns the next piece, or nil at the end of the text.
        ///
        /// - Throws: `valueMalformed` for bytes that are not UTF-8; as the value.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> String? {
            while let piece = try await bytes.next(isolation: actor) {
                var text = border
                piece.append(to: &text)
                let whole = text.count - UTF8Border.unfinishedBytes(of: text)
                border = Array(text[whole...])
                guard let string = String(validating: text[..<whole], as: UTF8.self) else { throw Self.malformed }
                if !string.isEmpty { return string }
            }
            guard border.isEmpty else { throw Self.malformed }
            return nil
        }

        private static var malformed: PostgresError {
            PostgresError(.valueMalformed, "cannot read the text: it is not UTF-8")
        }
    }
}

/// Where a text of UTF-8 can be cut.
enum UTF8Border {
    /// The bytes at the end that begin a character which is not whole; 0 where all are, and where no character begins there.
    static func unfinishedBytes(of text: [UInt8]) -> Int {
        for (distance, byte) in text.suffix(3).reversed().enumerated() where byte & 0b1100_0000 != 0b1000_0000 {
            let length =
                switch byte {
                case 0b1100_0000..<0b1110_0000: 2
                case 0b1110_0000..<0b1111_0000: 3
                case 0b1111_0000...: 4
                default: 1
                }
            return length > distance + 1 ? distance + 1 : 0
        }
        return 0
    }
}

extension PostgresLargeValue {
    /// The value as text, in the pieces in which it is received.
    public var text: PostgresLargeText { PostgresLargeText(self) }
}
