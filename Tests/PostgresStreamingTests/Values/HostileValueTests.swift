import PostgresStreaming
import PostgresTestSupport
import Testing

/// Bytes that no server sends: every decoder refuses them with a typed error, or finds a value in them that is one.
@Suite(.timeLimit(.minutes(2))) struct HostileValueTests {
    private static let codes: Set<PostgresError.Code> = [
        .valueMalformed, .typeMismatch, .unexpectedNull, .columnMismatch, .parameterInvalid,
    ]

    /// Decodes bytes into every Swift type that accepts their type, and checks that a value that comes of it is one: that
    /// it stays what it is when it is encoded and decoded once more.
    private func feed(_ bytes: [UInt8], _ sample: ValueSample, _ format: PostgresCell.Format, isRefused: Bool = false) {
        for swiftType in SwiftType.all where swiftType.accepts.contains(sample.type) {
            // The text of bytes is that of a bytea, whatever they came from.
            let isBytes = swiftType.name.contains("Array<UInt8>")
            guard format == .binary || !isBytes || sample.type == .bytea || sample.type == .byteaArray else { continue }
            do throws(PostgresError) {
                let again = try swiftType.recode(bytes, sample.type, format)
                // An expectation for each would take longer than all the rest.
                if isRefused { Issue.record("\(swiftType.name) of \(sample.type) as \(format) from \(bytes)") }
                guard try swiftType.recode(again, sample.type, format) != again else { continue }
                Issue.record("\(swiftType.name) of \(sample.type) as \(format) changed from \(bytes)")
            } catch {
                guard !Self.codes.contains(error.code) else { continue }
                Issue.record("\(error) for \(swiftType.name) of \(sample.type)")
            }
        }
    }

    @Test func `values that end too early are refused at every length`() throws {
        for sample in try ValueSample.all where !sample.isOfAnyLength {
            for length in 0..<sample.binary.count {
                feed(Array(sample.binary[..<length]), sample, .binary, isRefused: true)
            }
        }
    }

    @Test func `values with bytes behind them are refused`() throws {
        for sample in try ValueSample.all where !sample.isOfAnyLength {
            for byte: UInt8 in [0, 1, 0xFF] { feed(sample.binary + [byte], sample, .binary, isRefused: true) }
        }
    }

    @Test func `counts, lengths and numbers that lie are survived`() throws {
        let words: [Int32] = [.max, -2, 0x1000_0000]
        // Arrays of all types are read by the same code.
        let elements: Set<PostgresType> = [.int4, .text, .bytea, .numeric, .int4range, .tsquery]
        for sample in try ValueSample.all where sample.type.elementType.map(elements.contains) ?? true {
            for index in sample.binary.indices {
                for byte: UInt8 in [0, 1, 0x80, 0xFF] {
                    var bytes = sample.binary
                    bytes[index] = byte
                    feed(bytes, sample, .binary)
                }
                for word in words where index + 4 <= sample.binary.count {
                    var bytes = sample.binary
                    for place in 0..<4 {
                        bytes[index + place] = UInt8(truncatingIfNeeded: word >> (24 - 8 * Int32(place)))
                    }
                    feed(bytes, sample, .binary)
                }
            }
        }
    }

    @Test func `damaged binary values are survived`() throws {
        var mutations = ByteMutations(seed: 11)
        for sample in try ValueSample.all {
            for _ in 0..<30 { feed(mutations.next(of: sample.binary), sample, .binary) }
        }
    }

    @Test func `damaged texts are survived`() throws {
        var mutations = ByteMutations(
            seed: 12,
            words: [
                "infinity", "NaN", "-", "::", "{", "}", "{{", "\"", "\\", "(", ")", "[", "]", ",", ";", "e999999",
                "e-999999", ".",
                "99999999999999999999", " BC", "NULL", "[0:0]=", "empty", "'", ":*", "<->", "!", "+00:00:99", "\\777",
                "@ ", "P", "T1H",
            ])
        for sample in try ValueSample.all {
            for length in 0..<sample.text.count { feed(Array(sample.text[..<length]), sample, .text) }
            for _ in 0..<60 { feed(mutations.next(of: sample.text), sample, .text) }
        }
    }

    @Test(
        arguments: [
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1],
            [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 23, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1],
            [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 23], [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 23],
            [0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 23] + [UInt8](repeating: 0, count: 56),
            [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0, 1],
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 4, 0, 0, 0, 1],
        ] as [[UInt8]])
    func `an array with absurd dimensions is refused before anything is made for it`(bytes: [UInt8]) {
        let flat = failure { () throws(PostgresError) in try decode(bytes, .int4Array, as: [Int32].self) }
        let whole = failure { () throws(PostgresError) in try decode(bytes, .int4Array, as: PostgresArray<Int32>.self) }
        #expect(flat?.code == .valueMalformed && whole?.code == .valueMalformed)
    }

    @Test(
        arguments: [
            (.record, [0x7F, 0xFF, 0xFF, 0xFF]), (.record, [0xFF, 0xFF, 0xFF, 0xFF]),
            (.record, [0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0, 9, 1]),
            (.record, [0, 0, 0, 1, 0, 0, 0, 23, 0xFF, 0xFF, 0xFF, 0xFE]), (.record, [0, 0, 0, 0, 1]), (.record, []),
        ] as [(PostgresType, [UInt8])])
    func `a record that does not hold together is refused`(type: PostgresType, bytes: [UInt8]) {
        let error = failure { () throws(PostgresError) in try decode(bytes, type, as: PostgresRecord.self) }
        #expect(error?.code == .valueMalformed)
    }

    @Test func `queries for text search may be nested as deep as they are long`() throws {
        let depth = 100_000
        let operators = (0..<depth).flatMap { _ in [2, 1] as [UInt8] }
        let bytes = [0, 1, 0x86, 0xA1] + operators + [1, 0, 0, 97, 0]
        let query = try decode(bytes, .tsquery, as: PostgresTSQuery.self)
        #expect(query.items.count == depth + 1)
        #expect(PostgresTSQuery(query.description) == query)
        let text = String(repeating: "( ", count: depth) + "'a'" + String(repeating: " )", count: depth)
        #expect(PostgresTSQuery(text)?.items.count == 1)
    }

    @Test func `a long numeric takes time in proportion to its length`() throws {
        let digits = String(repeating: "9", count: 120_000)
        let number = try #require(PostgresNumeric(digits))
        #expect(number.description == digits)
        #expect((number + 1).description == "1" + String(repeating: "0", count: 120_000))
        #expect(PostgresNumeric("1e131071") != nil)
        #expect(PostgresNumeric("1e131072") == nil && PostgresNumeric("1e999999") == nil)
        #expect(PostgresNumeric("1e-16383") != nil && PostgresNumeric("1e-16384") == nil)
    }
}
