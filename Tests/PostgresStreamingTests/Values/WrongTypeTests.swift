import PostgresStreaming
import Testing

/// What becomes of a value in a Swift type that does not hold it: an error, for every pair there is.
@Suite(.timeLimit(.minutes(1))) struct WrongTypeTests {
    private static let builtIn = (1..<10_000).map { PostgresType(rawValue: $0) }.filter {
        !$0.description.hasPrefix("OID ")
    }

    /// An empty array, or bytes that may be anything.
    private static func someBytes(of type: PostgresType) -> [UInt8] {
        guard let element = type.elementType else { return [0, 0, 0, 1] }
        return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(element.rawValue >> 8), UInt8(element.rawValue & 0xFF)]
    }

    @Test func `a value of another type is never decoded`() throws {
        let samples = try Dictionary(grouping: ValueSample.all, by: \.type)
        var pairs = 0
        for swiftType in SwiftType.all {
            for type in Self.builtIn where !swiftType.accepts.contains(type) {
                // Columns of statistics hold arrays of any type, and say in each value of which.
                guard type != .anyarray || !swiftType.accepts.contains(where: { $0.elementType != nil }) else {
                    continue
                }
                for bytes in samples[type]?.map(\.binary) ?? [Self.someBytes(of: type)] {
                    let error = failure { () throws(PostgresError) in try swiftType.recode(bytes, type, .binary) }
                    pairs += 1
                    // An expectation for each would take longer than all the rest.
                    guard error?.code != .typeMismatch else { continue }
                    Issue.record("\(type) into \(swiftType.name): \(error.map { "\($0)" } ?? "decoded")")
                }
            }
        }
        #expect(pairs > 10_000)
    }

    @Test func `a value of another type is never decoded from text`() throws {
        for sample in try ValueSample.all {
            for swiftType in SwiftType.all where !swiftType.accepts.contains(sample.type) {
                // The names of object IDs are text in the text format.
                guard sample.type != .regclass || !["String", "Array<UInt8>"].contains(swiftType.name) else { continue }
                guard sample.type != .regclassArray else { continue }
                let error = failure { () throws(PostgresError) in try swiftType.recode(sample.text, sample.type, .text)
                }
                guard error?.code != .typeMismatch else { continue }
                Issue.record("\(sample.type) into \(swiftType.name): \(error.map { "\($0)" } ?? "decoded")")
            }
        }
    }

    @Test func `a value of a type that is accepted is decoded, and encoded as it was`() throws {
        for sample in try ValueSample.all {
            let swiftTypes = SwiftType.all.filter { $0.accepts.contains(sample.type) }
            #expect(!swiftTypes.isEmpty, "\(sample.type)")
            var same = 0
            for swiftType in swiftTypes where !Self.isNested(sample) || swiftType.name.hasPrefix("PostgresArray") {
                do throws(PostgresError) {
                    let binary = try swiftType.recode(sample.binary, sample.type, .binary)
                    let text = try swiftType.recode(sample.text, sample.type, .text)
                    // The text of a vector is that of an array as soon as it is one in Swift.
                    let isVector = sample.type == .int2vector || sample.type == .oidvector
                    if binary == sample.binary, text == sample.text || isVector { same += 1 }
                } catch {
                    let isLacking = swiftType.isByValue && error.code == .typeMismatch && error.hint != nil
                    if !isLacking { Issue.record("\(sample.type) into \(swiftType.name): \(error)") }
                }
            }
            #expect(same > 0, "\(sample.type)")
        }
    }

    /// Whether a sample is an array of more than one dimension.
    private static func isNested(_ sample: ValueSample) -> Bool {
        sample.type.elementType != nil && sample.binary.starts(with: [0, 0, 0, 2])
    }

    @Test func `types that nothing is known of are never guessed`() throws {
        let type = PostgresType(rawValue: 20_000)
        for swiftType in SwiftType.all where !swiftType.name.contains("Array<") {
            let error = failure { () throws(PostgresError) in try swiftType.recode([0, 0, 0, 1], type, .binary) }
            #expect(error?.code == .typeMismatch, "\(swiftType.name)")
        }
        let value = try decode([1, 2, 3], type, as: PostgresRawValue.self)
        #expect(value.type == type && value.bytes == [1, 2, 3] && value.format == .binary)
    }
}
