import PostgresWire

/// A `tsvector`: the words of a document for text search, each with its places in it.
public struct PostgresTSVector: Hashable, Sendable {
    /// A word and where it stands.
    public struct Lexeme: Hashable, Sendable {
        /// The word, normalised.
        public let text: String
        /// Where it stands in the document; none where that was stripped.
        public let positions: [Position]

        /// Creates a word.
        public init(_ text: String, positions: [Position] = []) {
            self.text = text
            self.positions = positions
        }
    }

    /// A place in the document and how much it counts.
    public struct Position: Hashable, Sendable {
        /// The number of the word in the document, from 1 to 16,383.
        public let index: Int
        /// How much it counts, from `d`, which most words have, to `a`.
        public let weight: PostgresTSWeight

        /// Creates a place; nil for an index outside of its range.
        public init?(_ index: Int, weight: PostgresTSWeight = .d) {
            guard (1...Self.indexMax).contains(index) else { return nil }
            self.index = index
            self.weight = weight
        }

        static let indexMax = 16_383
    }

    /// The words, each of them once, in the server's order, byte by byte.
    public let lexemes: [Lexeme]

    /// Creates a vector from words in any order.
    ///
    /// - Returns: nil where a word appears twice, is empty, holds a NUL, has positions that do not ascend, or more than 255.
    public init?(_ lexemes: [Lexeme]) {
        let sorted = lexemes.sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        for (index, lexeme) in sorted.enumerated() {
            guard index == 0 || sorted[index - 1].text.utf8.elementsEqual(lexeme.text.utf8) == false,
                Self.isValid(lexeme)
            else { return nil }
        }
        self.lexemes = sorted
    }

    private static func isValid(_ lexeme: Lexeme) -> Bool {
        guard !lexeme.text.isEmpty, lexeme.text.utf8.count <= lexemeBytesMax, !lexeme.text.utf8.contains(0),
            lexeme.positions.count <= positionsMax
        else { return false }
        return zip(lexeme.positions, lexeme.positions.dropFirst()).allSatisfy { $0.index < $1.index }
    }

    private static let positionsMax = 255
    private static let lexemeBytesMax = 2046
}

/// How much a word counts in text search.
public enum PostgresTSWeight: UInt8, Hashable, Sendable, CaseIterable {
    /// The least, and the usual.
    case d, c, b
    /// The most.
    case a

    /// The letter that the text form has for it.
    var letter: UInt8 { UInt8(ascii: "D") - rawValue }

    /// The weight of a letter in either case.
    init?(letter: UInt8?) {
        guard let letter, let weight = Self.allCases.first(where: { $0.letter == letter & 0xDF }) else { return nil }
        self = weight
    }
}

extension PostgresTSVector: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The words in quotes with their places, such as `'cat':2 'fat':1A,3`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        var lexemes: [Lexeme] = []
        while !reader.isAtEnd {
            if !lexemes.isEmpty { guard reader.skip(" ") else { return nil } }
            guard let word = reader.lexeme() else { return nil }
            var positions: [Position] = []
            if reader.skip(":") {
                repeat {
                    guard let index = reader.digits(1...5) else { return nil }
                    let weight = PostgresTSWeight(letter: reader.next)
                    if weight != nil { _ = reader.byte() }
                    guard let position = Position(index, weight: weight ?? .d) else { return nil }
                    positions.append(position)
                } while reader.skip(",")
            }
            lexemes.append(Lexeme(word, positions: positions))
        }
        self.init(lexemes)
    }

    func write(to text: inout [UInt8]) {
        for (index, lexeme) in lexemes.enumerated() {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            text.append(lexeme: lexeme.text)
            for (index, position) in lexeme.positions.enumerated() {
                text.append(UInt8(ascii: index == 0 ? ":" : ","))
                text.append(decimal: position.index)
                if position.weight != .d { text.append(position.weight.letter) }
            }
        }
    }
}

extension PostgresTSVector: PostgresDecodable {
    /// Decodes a `tsvector`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .tsvector else { throw cell.typeMismatch(PostgresTSVector.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        var reader = BinaryReader(cell.bytes)
        guard let value = PostgresTSVector(reading: &reader), reader.isAtEnd else {
            throw cell.malformed(PostgresTSVector.self)
        }
        self = value
    }

    /// Reads a count and so many words, each with a NUL behind it, a count and so many places (`tsvectorsend`).
    private init?(reading reader: inout BinaryReader) {
        guard let count = reader.integer(Int32.self), count >= 0 else { return nil }
        var lexemes: [Lexeme] = []
        for _ in 0..<count {
            guard let word = reader.cString(), let announced = reader.integer(UInt16.self),
                reader.count >= 2 * Int(announced)
            else { return nil }
            var positions: [Position] = []
            positions.reserveCapacity(Int(announced))
            for _ in 0..<announced {
                guard let bits = reader.integer(UInt16.self),
                    let weight = PostgresTSWeight(rawValue: UInt8(bits >> 14)),
                    let position = Position(Int(bits & 0x3FFF), weight: weight)
                else { return nil }
                positions.append(position)
            }
            lexemes.append(Lexeme(word, positions: positions))
        }
        self.init(lexemes)
    }

    /// `tsvector`
    public static var postgresType: PostgresType { .tsvector }

    /// Appends the words with their places.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: Int32(truncatingIfNeeded: lexemes.count))
        for lexeme in lexemes {
            bytes += lexeme.text.utf8
            bytes.append(0)
            bytes.append(bigEndian: UInt16(lexeme.positions.count))
            for position in lexeme.positions {
                bytes.append(bigEndian: UInt16(position.weight.rawValue) << 14 | UInt16(position.index))
            }
        }
    }
}

extension TextReader {
    /// Reads a word in single quotes, in which a quote or a backslash is doubled.
    @_lifetime(self: copy self)
    mutating func lexeme() -> String? {
        guard skip("'") else { return nil }
        var word: [UInt8] = []
        while let next = byte() {
            switch next {
            case UInt8(ascii: "'"):
                guard skip("'") else { return word.rawSpan.validatedString() }
                word.append(next)
            case UInt8(ascii: "\\"):
                guard let escaped = byte() else { return nil }
                word.append(escaped)
            default: word.append(next)
            }
        }
        return nil
    }
}

extension [UInt8] {
    /// Appends a word in single quotes, in which a quote or a backslash is doubled.
    mutating func append(lexeme word: String) {
        append(UInt8(ascii: "'"))
        for byte in word.utf8 {
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "'"))
    }
}
