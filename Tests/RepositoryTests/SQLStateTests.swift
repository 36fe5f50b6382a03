import Testing

/// The constants of SQLState are those of a table, and the table is that of the servers.
@Suite struct SQLStateTests {
    @Test func `the constants are what the script makes of the table`() throws {
        let (isFine, output) = try Command.run("scripts/generate-sqlstates --check")
        #expect(isFine && output.isEmpty, "\(output)")
    }

    @Test func `every code has its class in the table, and codes stand in their order`() {
        let codes = Self.table.map(\.code)
        for code in codes where code.count == 5 { #expect(codes.contains(String(code.prefix(2))), "\(code)") }
        #expect(codes.count > 300 && codes.allSatisfy { $0.count == 5 || $0.count == 2 })
        #expect(codes == codes.sorted())
    }

    private static var table: [(code: String, condition: String)] {
        Repository.here.text("docs/sqlstates.txt").split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ")
            return (String(words[0]), String(words[1]))
        }
    }

    /// The servers' own lists, where packages and the cache of scripts/bootstrap have them: version 15, and 18.
    @Test(arguments: [
        "/usr/share/postgresql/*/errcodes.txt", "/var/cache/postgres-streaming/*/*/pginstall/share/errcodes.txt",
    ])
    func `every condition of the servers on this machine is in the table`(pattern: String) throws {
        let table = Dictionary(
            uniqueKeysWithValues: Self.table.filter { $0.code.count == 5 }.map { ($0.code, $0.condition) })
        let (_, output) = try Command.run("cat \(pattern) 2>/dev/null || true")
        var count = 0
        for line in output.split(separator: "\n") {
            guard let match = line.wholeMatch(of: /(\w{5}) +[SWE] +ERRCODE_\w+ +(\w+)/) else { continue }
            count += 1
            #expect(table[String(match.output.1)] == String(match.output.2), "\(line)")
        }
        #expect(output.isEmpty || count > 250)
    }
}
