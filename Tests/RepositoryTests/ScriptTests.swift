import Testing

@Suite struct ScriptTests {
    private static let linesMax = 80

    @Test func `every script stops at its first failure and is short`() throws {
        let scripts = try Repository.files(below: "scripts", suffix: "") + [".ci/run"]
        for script in scripts {
            let lines = try Repository.text(script).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.first == "#!/usr/bin/env bash", "\(script)")
            #expect(lines.contains("set -euo pipefail"), "\(script)")
            #expect(lines.count <= Self.linesMax, "\(script)")
        }
    }
}
