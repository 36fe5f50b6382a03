import Testing

@Suite struct ScriptTests {
    @Test func `every script stops at its first failure`() {
        let scripts = Repository.here.files.filter { $0.path.hasPrefix("scripts/") || $0.path == ".ci/run" }
        #expect(scripts.count >= 7)
        for script in scripts {
            // Python does so by itself.
            guard script.lines.first?.text != "#!/usr/bin/env python3" else { continue }
            #expect(script.lines.first?.text == "#!/usr/bin/env bash", "\(script.path)")
            #expect(script.lines.contains { $0.text == "set -euo pipefail" }, "\(script.path)")
        }
    }
}
