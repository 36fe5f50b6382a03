import Testing

/// Whatever waits has a limit, and docs/TIME_LIMITS.md says which.
@Suite struct WaitTests {
    /// One call that waits.
    private struct Wait: Hashable, CustomStringConvertible {
        let file: String
        let call: String

        var description: String { "\(file): \(call)" }
    }

    private static let page = "docs/TIME_LIMITS.md"

    /// The page's last table, which has a row for each file and call: how often the call is there.
    private static var listed: [Wait: Int] {
        var listed: [Wait: Int] = [:]
        for row in Repository.here.text(page).split(separator: "\n") {
            guard let match = row.wholeMatch(of: /\| `(Sources\/[^`]*)` \| `([^`]*)`(?: ×(\d+))? \| \S.* \|/) else {
                continue
            }
            listed[Wait(file: String(match.output.1), call: String(match.output.2))] =
                match.output.3.flatMap { Int($0) } ?? 1
        }
        return listed
    }

    /// The primitives: a task that is suspended, or a thread that is blocked, until something happens elsewhere. Also
    /// the loop over answers, by which everything waits for the server.
    private static var primitives: [Regex<Substring>] {
        [
            /[\w.]*\bwait\(for/, /[\w.]*\.wait\((?!for)/, /[\w.]*\.nap\(until/, /Task\.sleep\(/,
            /with(?:Unsafe|Checked)(?:Throwing)?Continuation/, /with\w*TaskGroup/, /async let \w+/, /\w+Work\.run\(/,
            /await [\w.?]*\.(?:value|result)\b(?!\()/, /\}\.value\b/, /\bpoll\(&/, /\bwait(?:p)?id\(/, /epoll_wait\(/,
            /\bu?sleep\(\d/, /nanosleep\(/, /pthread_(?:join|cond_\w*wait)/,
            /await (?:\w+\.)?(?:answers?\b|readToEnd\(\)|ask\()/,
            /for (?:try )?await/, /semaphore/,
        ]
    }

    /// What every primitive has one of, so that few lines are looked at closely.
    private static let marks = ["wait", "sleep", "nap(", "with", "async let", ".run(", ".value", "poll(", "semaphore"]

    private static var found: [Wait: Int] {
        var found: [Wait: Int] = [:]
        // By itself a regex sees no boundary at a full stop between letters.
        let primitives = primitives.map { $0.wordBoundaryKind(.simple) }
        for file in Repository.here.swiftFiles("Sources") {
            for line in file.lines where !line.code.contains("func ") && marks.contains(where: line.code.contains) {
                for primitive in primitives {
                    for match in line.code.matches(of: primitive) {
                        found[Wait(file: file.path, call: String(match.output)), default: 0] += 1
                    }
                }
            }
        }
        return found
    }

    @Test func `every call that waits is listed with its limit`() {
        let (listed, found) = (Self.listed, Self.found)
        #expect(found.count > 40)
        for (wait, count) in found where listed[wait] != count {
            Issue.record(
                """
                \(wait): \(count) in the sources, \(listed[wait] ?? 0) in \(Self.page)
                say there what bounds it; a wait for a server or another task has a limit that is an option
                """)
        }
        for wait in listed.keys where found[wait] == nil { Issue.record("\(wait): \(Self.page) lists what is gone") }
    }

    @Test func `every public time is on the page`() {
        let page = Repository.here.text(Self.page)
        let names = Repository.here.swiftFiles("Sources").flatMap(\.lines).compactMap { line in
            guard line.code.contains("Duration") else { return nil as String? }
            return line.code.firstMatch(of: /public var (\w+)(?:: Duration| = Duration\.)/).map { String($0.output.1) }
        }
        #expect(names.count > 20)
        for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
    }

    @Test func `a deadline of a driver is tightened in its scope and nowhere else`() {
        let driver = "Sources/PostgresStreaming/Driver/ConnectionDriver.swift"
        for file in Repository.here.swiftFiles("Sources/PostgresStreaming") where file.path != driver {
            expectNone(
                file.places { line in
                    ["scopedDeadline.begin", "scopedDeadline.lift", "ScopedDeadline()"].contains(
                        where: line.code.contains)
                },
                "a limit within another only tightens it: use within(_:_:)")
        }
    }
}
