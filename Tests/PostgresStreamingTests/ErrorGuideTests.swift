import Foundation
import PostgresStreaming
import Testing

/// ERROR_HANDLING_GUIDE.md says what the code says.
@Suite struct ErrorGuideTests {
    private struct Entry {
        let code: String
        let category: String
        let isRetrySafe: String
        let advice: String
        let example: String
    }

    /// The rows of the guide's table: those whose first cell is one name in back-ticks.
    private static var entries: [Entry] {
        get throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
            let guide = try String(contentsOf: root.appending(path: "ERROR_HANDLING_GUIDE.md"), encoding: .utf8)
            return guide.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                guard cells.count == 6, cells[0].hasPrefix("`"), cells[0].hasSuffix("`") else { return nil }
                return Entry(
                    code: String(cells[0].dropFirst().dropLast()), category: cells[1], isRetrySafe: cells[3],
                    advice: cells[4], example: cells[5])
            }
        }
    }

    @Test func `the guide lists every code once, in the order of the source`() throws {
        #expect(try Self.entries.map(\.code) == PostgresError.Code.all.map(\.description))
    }

    @Test func `the guide names the category of every code, says what to do and has an example`() throws {
        let codes = Dictionary(uniqueKeysWithValues: PostgresError.Code.all.map { ($0.description, $0) })
        for entry in try Self.entries {
            #expect(entry.category == codes[entry.code]?.category.description, "\(entry.code)")
            #expect(!entry.advice.isEmpty && !entry.example.isEmpty, "\(entry.code)")
        }
    }

    @Test func `the guide says whether a retry is safe`() throws {
        let codes = Dictionary(uniqueKeysWithValues: PostgresError.Code.all.map { ($0.description, $0) })
        let conditions = [
            "server": "by SQLSTATE", "connectRefusedByServer": "by SQLSTATE", "tlsFailed": "if it was cut",
        ]
        for entry in try Self.entries {
            let isSafe = try PostgresError(#require(codes[entry.code]), "for the test").isRetrySafe
            let expected = conditions[entry.code] ?? (isSafe ? "yes" : "no")
            #expect(entry.isRetrySafe == expected, "\(entry.code)")
        }
    }

    @Test func `the list of all codes leaves none out`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let path = "Sources/PostgresValues/Errors/PostgresErrorCode.swift"
        let source = try String(contentsOf: root.appending(path: path), encoding: .utf8)
        let declared = source.matches(of: /static let `?(\w+)`? = Code\(/).map { String($0.output.1) }
        #expect(declared == PostgresError.Code.all.map(\.description))
    }
}
