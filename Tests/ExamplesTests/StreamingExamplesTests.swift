import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// The examples of the streaming client, each before a real server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StreamingExamplesTests {
    private static let outputs: [(String, String)] = [
        (
            "BoundedMemory",
            """
            200000 rows, buffers held at most 2 MiB: true
            resident below 32 MB: true
            memoryLimitExceeded after a few thousand rows
            200000 numbers kept

            """
        ),
        (
            "TypedRows",
            """
            tuple: 1 Ada 1 19
            tuple: 2 émile 2 20
            struct: 1 Ada 1 19
            struct: 2 émile 2 20
            Decodable: project 2 ["swift", "sql"] 2026-01-01 02:00:00+00
            by name: Ada 1
            by name: émile 2
            typeMismatch: cannot decode text into Int: column "name" at index 1 of row 1

            """
        ),
        (
            "ErrorHandling",
            """
            server 23505: duplicate key value violates unique constraint "account_pkey", constraint account_pkey
                usable: true, again: false
            server 23514: new row for relation "account" violates check constraint "account_balance_check", \
            constraint account_balance_check
                usable: true, again: false
            server 42601: syntax error at or near "SELEC"
                usable: true, again: false
            queryTimedOut: the server did not answer within the time allowed
                usable: true, again: false
            server 40001: not today
                usable: true, again: true
            balance 100
            sessionEndedByServer 57P01: terminating connection due to administrator command
                usable: false, again: false

            """
        ),
        (
            "Pool",
            """
            100 users
            on 3 connections at most: true
            the next lease finds a statement_timeout of 0
            closed

            """
        ),
        (
            "ThreeReports",
            """
            users: 100, projects: 20000 with 4990000 stars, tasks: 50000
            of these tasks 100 are left by now

            """
        ),
        (
            "HugeDocument",
            """
            first: 67108864 bytes written
            memory grew by less than 16 MiB: true
            both are the same: true

            """
        ),
        ("JobQueue", "30 jobs done, each once\n"),
        (
            "CacheInvalidation",
            """
            Ada 1 after 1 read
            Grace after 2 reads

            """
        ),
    ]

    @Test func `each says what it shows`() async throws {
        try await PostgresServer.withServer { server in
            for (program, expected) in Self.outputs {
                let run = try await BuiltExamples.run(program, server.url)
                #expect(run.output == expected, "\(program)")
                #expect(run.status == .code(0), "\(program)")
            }
        }
    }

    @Test func `NDJSONExport writes a document a line, and says what is wrong with a query`() async throws {
        try await PostgresServer.withServer { server in
            let query = "SELECT n AS id, 'a\nb' AS text FROM generate_series(1, 3) AS n"
            let run = try await BuiltExamples.run("NDJSONExport", server.url, query)
            let lines = (1...3).map { "{\"id\":\($0),\"text\":\"a\\nb\"}\n" }.joined()
            #expect(run.status == .code(0) && run.output.contains(lines) && run.output.contains("3 rows\n"))
            let wrong = try await BuiltExamples.run("NDJSONExport", server.url, "SELEC 1")
            #expect(wrong.status == .code(1) && wrong.output.contains("could not go on: syntax error at or near "))
        }
    }

    @Test func `LoadCSV loads all rows in every way`() async throws {
        try await PostgresServer.withServer { server in
            let lines = (1...3_000).map {
                "\($0),station \($0 % 7),\(Double($0) / 4),\($0 % 2 == 0 ? "t" : "f"),2026-03-01\n"
            }
            let run = try await TemporaryDirectory.with { directory in
                try TemporaryDirectory.write(lines.joined(), to: "\(directory)/readings.csv")
                return try await BuiltExamples.run("LoadCSV", server.url, "\(directory)/readings.csv")
            }
            #expect(run.status == .code(0), "\(run.output)")
            let ways = run.output.split(separator: "\n").map { $0.prefix { $0 != "," } }
            #expect(
                ways == [
                    "one by one: 3000 rows", "pipeline: 3000 rows", "executeMany: 3000 rows",
                    "arrays by unnest: 3000 rows",
                ],
                "\(run.output)")
        }
    }

    @Test func `CSVImport copies the lines that fit, and names the others`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await TemporaryDirectory.with { directory in
                let path = directory + "/items.csv"
                try TemporaryDirectory.write("id,name,price\n1,pen,1.50\nx,ink,2\n3,\"a\nb\",\n", to: path)
                return try await BuiltExamples.run("CSVImport", server.url, path)
            }
            #expect(run.status == .code(0) && run.output.hasSuffix("2 items\n"))
            #expect(run.output.hasPrefix("line 3 left out: "))
        }
    }

    @Test func `TableToTable copies a table to another database`() async throws {
        try await PostgresServer.withServer { server in
            let other = server.url(database: "other")
            let connection = try await PostgresConnection.connect(server.url)
            try await connection.execute("CREATE DATABASE other")
            for url in [server.url, other] {
                let connection = try await PostgresConnection.connect(url)
                try await connection.execute("CREATE TABLE numbers (n int)")
            }
            try await connection.execute("INSERT INTO numbers SELECT generate_series(1, 1000)")
            let run = try await BuiltExamples.run("TableToTable", server.url, other, "public.numbers")
            #expect(run.status == .code(0) && run.output == "1000 rows copied\n")
        }
    }

    @Test func `PauseBySignal pauses, goes on and ends as it is told`() async throws {
        try await PostgresServer.withServer { server in
            let pipe = try Pipe()
            let program = try await BuiltExamples.path(of: "PauseBySignal")
            let process = try await ChildProcess.start(
                ProcessLaunch([program, server.url], output: .descriptor(pipe.writeEnd)))
            close(pipe.writeEnd)
            defer { close(pipe.readEnd) }
            for (signal, word) in [
                (nil, "exporting"), (SIGUSR1, "paused"), (SIGUSR2, "going on"), (SIGINT, "ended by"),
            ] {
                if let signal { await process.signal(signal) }
                let line = await onDedicatedThread { [readEnd = pipe.readEnd] in
                    readBytes(from: readEnd, max: 4096, until: UInt8(ascii: "\n"))
                }
                #expect(String(decoding: line, as: UTF8.self).hasPrefix(word))
            }
            let (end, isTimedOut) = await process.exit(secondsMax: 60)
            #expect(end == .code(0) && !isTimedOut)
        }
    }

    @Test func `Failover and TestingYourCode bring their own servers`() async throws {
        let failover = try await BuiltExamples.run("Failover")
        #expect(
            failover.output == "the reader reads from a standby: true\n2 events on the promoted server\n",
            "\(failover.output)")
        let testing = try await BuiltExamples.run("TestingYourCode")
        #expect(
            testing.output == """
                renamed: true
                nobody there: false
                renamed again: true
                Grace
                without a server: connectFailed

                """)
    }

    @Test func `Repository is made of what holds`() async throws {
        let lines = try await BuiltExamples.run("Repository").output.split(separator: "\n")
        #expect(lines.count == 8 && lines.allSatisfy { $0.hasPrefix("holds: ") }, "\(lines)")
    }
}
