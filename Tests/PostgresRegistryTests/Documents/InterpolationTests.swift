import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import Testing

/// References are filled in once, and what they give is never looked at again.
@Suite struct InterpolationTests {
    private func password(_ text: String, _ variables: [String: String] = [:]) async throws -> String? {
        try await read("connections: {a: {host: h, user: u, password: '\(text)'}}", variables: variables)
            .profile(named: "a").configuration.password
    }

    @Test func `what a variable gives is taken as it is`() async throws {
        for value in ["${B}", "$${B}", "a'b\\c", "}", "${command:id}", "p@ss:w/rd?&%", "日本"] {
            #expect(try await password("${A}", ["A": value, "B": "no"]) == value)
            #expect(try await password("x${A}y", ["A": value, "B": "no"]) == "x\(value)y")
        }
        #expect(try await password("$${A} $ $A $$", ["A": "no"]) == "${A} $ $A $$")
        #expect(try await password("${A:-a:-b}") == "a:-b")
        #expect(try await password("${A:-d}", ["A": ""]) == "d")
        #expect(try await password("x${A:-}") == "x")
    }

    @Test func `a URL takes any character of a variable, and a whole one as it is`() async throws {
        let document = try await read(
            """
            connections:
              part: {url: "postgres://app:${PW}@db.example/${DB}"}
              whole: {url: "${URL}"}
            """, variables: ["PW": "p@s:/?#[]%& é", "DB": "a/b", "URL": "postgres://u:p%40@h.example/d"])
        let part = try document.profile(named: "part").configuration
        #expect(part.password == "p@s:/?#[]%& é" && part.database == "a/b" && part.user == "app")
        let whole = try document.profile(named: "whole").configuration
        #expect(whole.password == "p@" && whole.endpoints == [.tcp(host: "h.example")])
    }

    @Test func `files give their text without the line's end, where nobody else may read them`() async throws {
        try await TemporaryDirectory.with { directory in
            try TemporaryDirectory.write("s3cret\n", to: "\(directory)/pw")
            try TemporaryDirectory.write("s3cret\n", to: "\(directory)/shared", mode: 0o644)
            #expect(try await password("${file:\(directory)/pw}") == "s3cret")
            let text = "connections: {a: {host: h, user: u, password: '${file:\(directory)/shared}'}}"
            let found = await problems(text)
            #expect(found.count == 1 && found[0].contains("to which others than its owner have access"))
            #expect(await problems(text) { $0.acceptsSharedFiles = true } == [])
        }
    }

    @Test func `commands run where they are allowed, without a shell, and for so long`() async throws {
        func run(_ command: String, _ policy: RegistryOptions.CommandPolicy) async -> String {
            do throws(RegistryError) {
                let text = "connections: {a: {host: h, user: u, password: \"${command:\(command)}\"}}"
                return try await read(text) { $0.commands = policy }.profile(named: "a").configuration.password ?? ""
            } catch {
                return error.description
            }
        }
        #expect(await run("printf '%s %s' 'a b' $HOME;", .allowed()) == "a b $HOME;")
        #expect(await run("echo a; echo b", .allowedInShell()) == "a\nb")
        #expect(await run("sh -c 'exit 3'", .allowed()).contains("names a command that ended with exit code 3"))
        #expect(await run("sleep 60", .allowed(limit: .milliseconds(50))).contains("took too long and was killed"))
        #expect(await run("sh -c 'exec >&-; sleep 60'", .allowed(limit: .milliseconds(50))).contains("took too long"))
        #expect(await run("yes", .allowed()).contains("wrote more than 64 KiB"))
        #expect(await run("no-such-program", .allowed()).contains("is not on PATH"))
        #expect(await run("id", .refused).contains("commands are not allowed"))
    }

    @Test func `a secret shows nowhere`() async throws {
        let secret = "geheim-4711"
        let document = try await read(
            """
            connections:
              a: {url: "postgres://u:\(secret)@h/d", labels: {x: "${L}"}}
              b: {host: h, user: u, password: "\(secret)", description: d}
            """, variables: ["L": "label"])
        for name in document.names {
            let profile = try document.profile(named: name)
            var dumped = ""
            dump(profile, to: &dumped)
            dump(document, to: &dumped)
            dump(try document.explain(name), to: &dumped)
            dumped += "\(profile) \(profile.configuration) \(try document.explain(name))"
            #expect(!dumped.contains(secret))
            #expect(try document.explain(name)["password"]?.text == "<secret>")
        }
        var dumped = ""
        let hidden = Secret(secret)
        dump(hidden, to: &dumped)
        #expect(!"\(dumped) \(hidden) \(String(reflecting: hidden)) \([hidden])".contains(secret))
        #expect(hidden.reveal() == secret)
    }
}
