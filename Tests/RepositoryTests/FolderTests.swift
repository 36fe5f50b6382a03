import Testing

/// The folders of PostgresStreaming stand one upon the other: the code of a folder refers to those below it, as
/// docs/ARCHITECTURE.md draws them.
@Suite struct FolderTests {
    private static let target = "Sources/PostgresStreaming"
    private static let page = "docs/ARCHITECTURE.md"
    private static let heading = "## The folders of PostgresStreaming"

    private static let map = FolderMap(
        of: target, Repository.here.swiftFiles(target),
        beside: Repository.here.swiftFiles(
            "Sources/PostgresWire", "Sources/PostgresTransport", "Sources/PostgresValues",
            "Sources/PostgresCryptography", "Sources/PostgresLocking"))
    private static let drawing = FolderDrawing(Repository.here.text(page), below: heading)

    /// The arrows that rise. What is turned is taken out; nothing is added.
    private static let rising: Set<String> = []

    /// The extensions of types that belong to another folder. What is moved is taken out; nothing is added.
    private static let extensions: Set<String> = []

    @Test func `every folder is drawn`() {
        #expect(Set(Self.drawing.folders) == Self.map.folders)
        #expect(Self.drawing.folders.count == Self.map.folders.count, "a folder is drawn twice")
    }

    @Test func `what is drawn has no circle`() {
        for arrow in Self.drawing.rising { Issue.record("\(Self.page): \(arrow), which does not stand lower") }
    }

    @Test func `every arrow between folders is drawn, and every one that is drawn is there`() {
        let found = Self.map.arrows
        for (arrow, places) in found.sorted(by: { $0.key < $1.key })
        where !Self.drawing.arrows.contains(arrow) && !Self.rising.contains("\(arrow)") {
            Issue.record("\(arrow) is not drawn in \(Self.page):\n\(places.prefix(5).joined(separator: "\n"))")
        }
        for arrow in Self.drawing.arrows.sorted() where found[arrow] == nil {
            Issue.record("\(Self.page) draws \(arrow), which is nowhere in the code")
        }
        let drawn = Set(found.keys).filter { !Self.rising.contains("\($0)") }
        #expect(drawn == Self.drawing.arrows, "the drawing for the code:\n\(Self.drawing.lines(for: drawn))")
    }

    @Test func `the arrows that rise grow fewer`() {
        let found = Set(Self.map.arrows.keys.map(\.description))
        for arrow in Self.rising.subtracting(found).sorted() {
            Issue.record("\(arrow) is gone: take it out of FolderTests.rising")
        }
    }

    @Test func `types that are not public are extended in their own folder`() {
        let found = Self.map.foreignExtensions
        for (name, places) in found.sorted(by: { $0.key < $1.key }) where !Self.extensions.contains(name) {
            Issue.record("\(name) is extended away from its folder:\n\(places.joined(separator: "\n"))")
        }
        for name in Self.extensions.subtracting(found.keys).sorted() {
            Issue.record("\(name) is gone: take it out of FolderTests.extensions")
        }
    }

    // MARK: properties

    /// The folders, or the beginnings of the files' names, of what moves bytes, rows and connections.
    private static let core = [
        "Driver/", "Connecting/", "Gate/", "Streaming/", "Flow/", "Statements/", "Connection/",
        "Pool/PoolStateMachine",
    ]

    private static let propertiesMax = 16

    /// The types that have more stored properties, and how many. A number may only fall.
    private static let large: [String: Int] = [:]

    /// What users read of a stream, one property for each number.
    private static let exempt: Set<String> = ["StreamStatistics"]

    /// Counts the variables and constants that a type declares itself and that are stored: without those that are static,
    /// and without those that have a body and no value. What is grouped in a struct is one, as is a tuple.
    @Test func `no type of the core has many stored properties`() {
        var counts: [String: Int] = [:]
        for file in Repository.here.swiftFiles(Self.target) {
            guard Self.core.contains(where: { file.path.hasPrefix("\(Self.target)/\($0)") }) else { continue }
            for property in StoredProperty.all(of: file) where !property.isStatic {
                let type = property.name.split(separator: ".").dropLast().joined(separator: ".")
                counts[type, default: 0] += 1
            }
        }
        #expect(counts.count > 30)
        let found = counts.filter { $0.value > Self.propertiesMax && !Self.exempt.contains($0.key) }
        for (type, count) in found.sorted(by: { $0.key < $1.key }) where count > Self.large[type] ?? 0 {
            Issue.record("\(type) has \(count) stored properties, where \(Self.propertiesMax) are allowed")
        }
        for (type, count) in Self.large.sorted(by: { $0.key < $1.key }) where counts[type] ?? 0 < count {
            Issue.record("\(type) has fewer stored properties: write \(counts[type] ?? 0) for \(count), or take it out")
        }
    }

    // MARK: the reading of code and drawing

    private static func file(_ path: String, _ text: String) -> Repository.File {
        Repository.File(
            path: path, lines: text.split(separator: "\n").map { SourceLine(number: 0, text: String($0)) })
    }

    @Test func `names in comments, texts and after a full stop are no references`() {
        let files = [
            Self.file("a/Low/Cache.swift", "struct Cache {\n    struct Entry {}\n}"),
            Self.file("a/Low/Entry.swift", "struct Words {}"),
            Self.file(
                "a/High/User.swift",
                """
                // A Cache.
                struct User {
                    let text = "Cache"
                    let other: Outer.Cache
                    let shown = "\\(Words.all)"
                }
                """),
            Self.file("a/Top/Cache.swift", "enum Top {\n    enum Cache {}\n    let cache: Cache\n}"),
        ]
        let map = FolderMap(of: "a", files)
        #expect(map.arrows.mapValues(\.count) == [FolderMap.Arrow(from: "High", to: "Low"): 1])
        #expect(map.folders == ["Low", "High", "Top"])
    }

    @Test func `what an extension adds to a type of elsewhere belongs to the extension's folder`() {
        let files = [
            Self.file("a/Low/Cache.swift", "struct Cache {\n    func look() {}\n}\npublic final class Client {}"),
            Self.file("a/High/Cache+Age.swift", "extension Cache {\n    var age: Int { 1 }\n    func look() {}\n}"),
            Self.file("a/High/Client+Age.swift", "extension Client {\n    var years: Int { 1 }\n}"),
            Self.file("a/Low/User.swift", "func user() {\n    cache.age\n    cache.look()\n    cache.more()\n}"),
        ]
        let map = FolderMap(of: "a", files, beside: [Self.file("b/More.swift", "func more() {}")])
        #expect(map.arrows[FolderMap.Arrow(from: "Low", to: "High")] == ["a/Low/User.swift:2: age"])
        #expect(map.foreignExtensions == ["Cache in High": ["a/High/Cache+Age.swift:1"]])
    }

    @Test func `a drawing is read as it is written`() {
        let text = """
            ## Folders

            A text.

                Top    → Middle,
                         Bottom
                Middle → Bottom
                Bottom → Middle

            ## Other

                Else
            """
        let drawing = FolderDrawing(text, below: "## Folders")
        #expect(drawing.folders == ["Top", "Middle", "Bottom"])
        #expect(drawing.rising.map(\.description) == ["Bottom → Middle"])
        #expect(drawing.lines(for: drawing.arrows).hasPrefix("    Top    → Middle, Bottom\n"))
        #expect(FolderDrawing(drawing.lines(for: drawing.arrows), below: "## Folders").folders == [])
    }
}
