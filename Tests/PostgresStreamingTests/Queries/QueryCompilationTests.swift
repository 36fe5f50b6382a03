import Foundation
import PostgresTestSupport
import Testing

/// What the compiler takes for a query, asked of the compiler itself.
@Suite(.timeLimit(.minutes(5))) struct QueryCompilationTests {
    /// Statements that compile.
    private static let taken = [
        #"let q: PostgresQuery = "SELECT 1""#,
        #"let q: PostgresQuery = "SELECT \(number), \(text), \(optional)""#,
        #"let q: PostgresQuery = "SELECT \(identifier: text), \(identifier: text, text)""#,
        #"let q: PostgresQuery = "SELECT \(null: .int4), \(list: [1, 2])""#,
        #"let q: PostgresQuery = "SELECT \(unsafeSQL: text)""#,
        #"let q: PostgresQuery = "SELECT \(number as any PostgresEncodable), \(format), \(nil)""#,
        #"let q: PostgresQuery = "SELECT \(number as (any PostgresEncodable)?, as: .int4), \(1..<5), \(Set([1]))""#,
        #"let q = PostgresQuery(unsafeSQL: text)"#,
        #"let q = try PostgresQuery("SELECT :a", named: ["a": text, "b": nil, "c": 1])"#,
        #"let q = try PostgresQuery(unsafeSQL: text, named: ["a": text])"#,
        #"let q: PostgresQuery = "SELECT \(query) \(if: true, " AND \(number)") \(fragment: "x")""#,
        #"let q = [query, "x = \(number)"].joined(separator: " AND ")"#,
        #"_ = try await connection.query("SELECT \(text)")"#,
    ]

    /// Statements in which text made at run time would become SQL without a word of warning, or something that is no
    /// value would be bound.
    private static let refused = [
        #"let q: PostgresQuery = text"#,
        #"let q: PostgresQuery = "SELECT " + text"#,
        #"let q: PostgresQuery = query + text"#,
        #"let q: PostgresQuery = "SELECT \(text)" as String"#,
        #"let q = PostgresQuery(text)"#,
        #"let q = PostgresQuery(stringLiteral: text)"#,
        #"let q = PostgresQuery(stringLiteral: "SELECT \(text)")"#,
        #"let q = try PostgresQuery(text, named: ["a": 1])"#,
        #"let q = try PostgresQuery("SELECT \(text)", named: ["a": 1])"#,
        #"let q: PostgresQuery = "SELECT \(Opaque())""#,
        #"let q: PostgresQuery = "SELECT \(fragment: text)""#,
        #"let q: PostgresQuery = "SELECT \(if: true, text)""#,
        #"let q: PostgresQuery = "SELECT \(raw: text)""#,
        #"let q = [query].joined(separator: text)"#,
        #"let q = [text].joined(separator: query)"#,
        #"var q = query; q.append(text)"#,
        #"_ = try await connection.query(text)"#,
        #"_ = try await connection.query("SELECT " + text)"#,
        #"_ = try await connection.query(query.sql)"#,
        #"_ = try await connection.execute("SELECT \(text)" as String)"#,
        #"_ = try await connection.query(String(format))"#,
    ]

    /// Statements that the compiler refuses, and what it is to say about them.
    private static let explained = [
        (#"let q: PostgresQuery = "SELECT \(mood)""#, "make it PostgresEncodable"),
        (#"let q: PostgresQuery = "SELECT \(optionalMood), \(1)""#, "make it PostgresEncodable"),
        (#"try await connection.execute("SELECT \([mood]), \(text)")"#, "make it PostgresEncodable"),
        (#"for try await _ in try await connection.query("SELECT \(mood)") {}"#, "make it PostgresEncodable"),
        (#"_ = try await connection.query("SELECT \(Opaque())").first()"#, "make it PostgresEncodable"),
        (#"for try await _ in rows.decode(\(integers(17)).self) {}"#, "a tuple of 2 to 16"),
        (#"_ = try await rows.decode(\(integers(17)).self).collect()"#, "a tuple of 2 to 16"),
        (#"for try await _ in rows.decode(Opaque.self) {}"#, "a tuple of 2 to 16"),
        (#"_ = try await rows.decode((Int, Mood).self).first()"#, "a tuple of 2 to 16"),
    ].map { ($0.0.replacing("\\(integers(17))", with: integers(17)), $0.1) }

    /// Statements with tuples that compile.
    private static let decoded = (1...16).flatMap { count in
        [
            "for try await _ in rows.decode(\(integers(count)).self) {}",
            "_ = try await rows.decode(\(integers(count)).self).collect()",
            "_ = try await rows.first()?.decode(\(integers(count)).self)",
        ]
    }

    private static func integers(_ count: Int) -> String {
        "(" + Array(repeating: "Int", count: count).joined(separator: ", ") + ")"
    }

    @Test func `what is no parameter or no row is refused with what to write`() async throws {
        let statements = Self.explained.map(\.0) + Self.decoded
        let functions = statements.enumerated().map { index, statement in
            """
            func f\(index)(_ text: String, _ mood: Mood, _ optionalMood: Mood?, _ rows: RowStream,
                _ connection: PostgresConnection) async throws {
            #sourceLocation(file: "statement", line: \(index + 1))
            \(statement)
            #sourceLocation()
            }
            """
        }
        let source =
            "import PostgresStreaming\nstruct Opaque {}\nenum Mood: String { case sad }\n"
            + functions.joined(separator: "\n")
        let diagnostics = try typecheck(source)
        let errors = diagnostics.matches(of: /statement:(\d+):\d+: error:(.*)/)
        let messages = Dictionary(grouping: errors) { Int($0.output.1) ?? 0 }.mapValues {
            $0.map { String($0.output.2) }
        }
        for (index, (statement, message)) in Self.explained.enumerated() {
            let found = messages[index + 1] ?? []
            #expect(found.count == 1 && found[0].contains(message), "\(statement): \(found)")
        }
        for (index, statement) in Self.decoded.enumerated() {
            #expect(messages[Self.explained.count + index + 1] == nil, "\(statement)")
        }
    }

    @Test func `text that is not in the source is no query`() async throws {
        let statements = Self.taken + Self.refused
        let functions = statements.enumerated().map { index, statement in
            """
            func f\(index)(_ text: String, _ number: Int, _ optional: Int?, _ query: PostgresQuery, _ format: Substring,
                _ connection: PostgresConnection) async throws {
            #sourceLocation(file: "statement", line: \(index + 1))
            \(statement)
            #sourceLocation()
            }
            """
        }
        let source = "import PostgresStreaming\nstruct Opaque {}\n" + functions.joined(separator: "\n")
        let diagnostics = try typecheck(source)
        let lines = diagnostics.matches(of: /statement:(\d+):\d+: error:/).compactMap { Int($0.output.1) }
        let found = Set(lines)
        #expect(!found.isEmpty, "\(diagnostics)")
        for (index, statement) in statements.enumerated() {
            let isRefused = index >= Self.taken.count
            #expect(found.contains(index + 1) == isRefused, "\(statement)\n\(isRefused ? "" : diagnostics)")
        }
    }

    /// What the compiler says to a file that imports the library as the tests were built with it.
    private func typecheck(_ source: String) throws -> String {
        try TemporaryDirectory.with { directory in
            let file = "\(directory)/Snippets.swift"
            try source.write(toFile: file, atomically: true, encoding: .utf8)
            let products = try Self.products
            let process = Process()
            let errors = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "swiftc", "-typecheck", "-swift-version", "6", "-I", "\(products)/Modules", "-I", Self.openSSL, "-Xcc",
                "-fmodule-map-file=\(products)/CSystemIO.build/module.modulemap", file,
            ]
            process.standardError = errors
            process.standardOutput = errors
            try process.run()
            let output = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: output, as: UTF8.self)
        }
    }

    private static let openSSL = URL(filePath: #filePath).appending(path: "../../../../Sources/COpenSSL").standardized
        .path

    /// The folder of what was built with this program, its modules among it.
    private static var products: String {
        get throws {
            var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            while folder.path.count > 1 {
                let module = folder.appending(path: "Modules/PostgresStreaming.swiftmodule").path
                if FileManager.default.fileExists(atPath: module) { return folder.path }
                folder.deleteLastPathComponent()
            }
            struct NoModules: Error {}
            throw NoModules()
        }
    }
}
