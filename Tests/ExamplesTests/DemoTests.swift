import PostgresStreaming
import PostgresTesting
import Testing

@Suite struct DemoTests {
    @Test func `the demo fills a server, streams it and sums up`() async throws {
        let run = try await BuiltExamples.run("Demo", "--rows", "3000")
        #expect(run.status == .code(0))
        #expect(run.output.contains(#"{"id": 1, "name": "Project 1", "#))
        #expect(run.output.contains("\nrows             3,000\n"))
        #expect(run.output.contains(" at the first row, "))
        #expect(run.output.hasSuffix("The server is stopped and its directory removed.\n"))
        #expect(!run.output.contains("\u{1B}"))
    }

    @Test(arguments: [
        (["--bogus"], "unknown argument \"--bogus\""), (["--rows"], "--rows needs a value"),
        (["--rows", "0"], "--rows needs a whole number"), (["--rows=1", "--rows=2"], "--rows is given twice"),
        (["--url", "postgres:///x"], "--url needs --view NAME or --query SQL"),
        (["--view", "v"], "--view needs --url"),
        (["--url", "postgres:///x", "--view", "v", "--query", "SELECT 1"], "--query goes with neither"),
        (["--url", "postgres:///x", "--column", "c"], "--column needs --view"),
    ])
    func `a command line that cannot be followed is refused`(_ arguments: [String], problem: String) async throws {
        let program = try await BuiltExamples.path(of: "Demo")
        let (status, output) = try await ChildProcess.capture([program] + arguments)
        #expect(status == .code(2))
        #expect(output.hasPrefix("demo: \(problem)"))
    }

    @Test func `a view or a query of one's own server is streamed and nothing written`() async throws {
        try await PostgresServer.withServer { server in
            let connection = try await PostgresConnection.connect(server.url)
            try await connection.execute("CREATE SCHEMA \"My Shop\"")
            try await connection.execute(
                "CREATE VIEW \"My Shop\".v_order AS SELECT jsonb_build_object('n', n) AS doc FROM generate_series(1, 50) n"
            )
            try await connection.execute("CREATE TABLE precious (n int)")

            let whole = try await BuiltExamples.run(
                "Demo", "--url", server.url, "--view", "My Shop.v_order", "--column", "doc")
            #expect(whole.output.contains("  {\"n\": 1}\n  {\"n\": 2}\n  {\"n\": 3}\n"))
            #expect(whole.output.contains("\nrows             50\n"))

            let some = try await BuiltExamples.run(
                "Demo", "--url", server.url, "--query", "SELECT n FROM generate_series(1, 3000000) n", "--rows", "70")
            #expect(some.output.contains("  a value of type integer\n"))
            #expect(some.output.contains("\nrows             70\n"))

            let writing = try await BuiltExamples.run(
                "Demo", "--url", server.url, "--query", "INSERT INTO precious VALUES (1) RETURNING n")
            #expect(writing.status == .code(1))
            #expect(writing.output.contains("cannot execute INSERT in a read-only transaction"))
            await connection.close()
        }
    }
}
