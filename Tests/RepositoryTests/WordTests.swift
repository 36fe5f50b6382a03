import Testing

/// The words of comments and messages: plain English, and the terms of the field.
@Suite struct WordTests {
    /// Words and phrases that plain English has a better word for: after, again, the caller, opening, idle.
    private static let oddPhrases = [
        ["behind"], ["anew"], ["whoever"], ["somebody"], ["nobody"], ["who", "waits"], ["at", "rest"],
        ["come", "about"],
        ["comes", "about"], ["coming", "about"], ["on", "their", "way"],
    ]

    /// How many are left in each folder. A number may only fall; new folders have none.
    private static let allowed = [
        "Sources/FraiseWire": 4,
        "Sources/FraiseWire/Queries": 7,
        "Sources/JSONTape": 8,
        "Sources/JSONTape/Access": 1,
        "Sources/JSONTape/Decoding": 3,
        "Sources/JSONTape/Numbers": 3,
        "Sources/JSONTape/Scanning": 11,
        "Sources/JSONTape/Tape": 5,
        "Sources/JSONTape/Values": 2,
        "Sources/PostgresCryptography": 1,
        "Sources/PostgresFoundation": 1,
        "Sources/PostgresLocking": 5,
        "Sources/PostgresStreaming/Configuration": 14,
        "Sources/PostgresStreaming/Connecting": 2,
        "Sources/PostgresStreaming/Connection": 8,
        "Sources/PostgresStreaming/Driver": 4,
        "Sources/PostgresStreaming/Errors": 5,
        "Sources/PostgresStreaming/Flow": 2,
        "Sources/PostgresStreaming/Locks": 6,
        "Sources/PostgresStreaming/Observation": 19,
        "Sources/PostgresStreaming/Pool": 39,
        "Sources/PostgresStreaming/Query": 2,
        "Sources/PostgresStreaming/Readers": 2,
        "Sources/PostgresStreaming/Session": 5,
        "Sources/PostgresStreaming/Statements": 3,
        "Sources/PostgresStreaming/Streaming": 9,
        "Sources/PostgresStreaming/Transactions": 2,
        "Sources/PostgresTesting": 9,
        "Sources/PostgresTesting/Cluster": 1,
        "Sources/PostgresTesting/Pooler": 3,
        "Sources/PostgresTesting/Processes": 8,
        "Sources/PostgresTransport/Loop": 6,
        "Sources/PostgresTransport/Sockets": 8,
        "Sources/PostgresTransport/TLS": 10,
        "Sources/PostgresValues/Errors": 7,
        "Sources/PostgresValues/Query": 12,
        "Sources/PostgresValues/Rows": 11,
        "Sources/PostgresValues/Values": 38,
        "Sources/PostgresWire/Authentication": 6,
        "Sources/PostgresWire/Bytes": 17,
        "Sources/PostgresWire/Framing": 2,
        "Sources/PostgresWire/Messages": 3,
        "Sources/PostgresWire/Rows": 3,
        "Sources/PostgresWire/Session": 3,
    ]

    @Test func `odd phrases grow fewer`() {
        var counts: [String: Int] = [:]
        for file in Repository.here.swiftFiles("Sources") {
            let folder = file.path.split(separator: "/").dropLast().prefix(3).joined(separator: "/")
            counts[folder, default: 0] += file.lines.reduce(0) { $0 + Self.oddPhraseCount(in: $1.text) }
        }
        for folder in Set(counts.keys).union(Self.allowed.keys).sorted() {
            let (count, allowed) = (counts[folder] ?? 0, Self.allowed[folder] ?? 0)
            #expect(count <= allowed, "\(folder) has more odd phrases than it had; see WordTests.oddPhrases")
            #expect(count >= allowed, "\(folder) has fewer odd phrases: write \(count) for \(allowed)")
        }
    }

    private static func oddPhraseCount(in text: String) -> Int {
        let words = text.lowercased().split { !$0.isLetter }.map(String.init)
        return words.indices.reduce(0) { count, start in
            count + (oddPhrases.contains { words[start...].starts(with: $0) } ? 1 : 0)
        }
    }

    @Test func `a phrase is found in any case, and not within a word`() {
        #expect(Self.oddPhraseCount(in: "/// Nobody waits; who waits, waits behind `isBehindNextResult`.") == 3)
        #expect(Self.oddPhraseCount(in: "who, where and when") == 0)
    }
}
