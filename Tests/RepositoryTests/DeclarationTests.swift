import Testing

@Suite struct DeclarationTests {
    /// The targets that are products, and the one that a product hands on: what is public there is a promise to users.
    private static let products: Set<String> = [
        "PostgresStreaming", "PostgresValues", "PostgresFoundation", "JSONTape", "FraiseWire", "PostgresRegistry",
        "PostgresTesting",
        "pgstream",
    ]

    @Test func `only products have public declarations`() {
        for file in Repository.here.swiftFiles("Sources", "Tests") where !Self.products.contains(file.target) {
            expectNone(
                file.places { ["public", "open"].contains($0.declaredAccess) },
                "what crosses targets is package; public is a promise of the products")
        }
    }

    @Test func `every public and package declaration is documented`() {
        for file in Repository.here.swiftFiles("Sources") {
            let undocumented = file.lines.filter { line in
                guard ["public", "open", "package"].contains(line.declaredAccess) else { return false }
                guard !line.words.contains("extension"), !isWitness(line) else { return false }
                let above = file.lines[..<(line.number - 1)].last { !$0.code.hasPrefix("@") }
                return above.map { !$0.text.drop { $0 == " " }.hasPrefix("///") } ?? true
            }
            expectNone(undocumented.map(file.place), "a line of documentation says what it is")
        }
    }

    /// Requirements of protocols, which are documented there.
    private static let witnesses = [
        "func encode(into ", "func hash(into ", "var description:", "var debugDescription:", "var customMirror:",
        "func enqueue(", "func checkIsolated(", "func isIsolatingCurrentContext(", "let rawValue:", "init(rawValue:",
    ]

    private func isWitness(_ line: SourceLine) -> Bool {
        Self.witnesses.contains { line.code.contains($0) }
    }
}
