import PostgresTestSupport
import PostgresTesting
import Testing

/// The examples that read documents, each before a real server.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FraiseExamplesTests {
    /// What an example prints, all of it.
    private static let outputs: [(String, String)] = [
        ("FraiseBasicQuery", "3: project 3 of Grace 4\n6: project 6 of Zoë 7\n9: project 9 of émile 10\ntask 7\n"),
        (
            "FraiseBasicStream",
            """
            20000 documents, 4205254 bytes, completed
            first row came before the end: true
            buffers held less than 2 MiB

            """
        ),
        (
            "FraiseAdvancedFiltering",
            """
            active with more than 490 stars: 120
            Ada's or done: 10000
            neither active nor paused: 6667
            tagged swift: 10000
            one tag: 10000
            by number: 10
            named like project 1999x: 10
            without a date: 16666
            users without an age: 2
            foxes that jump: 300

            """
        ),
        (
            "FraiseOrdering",
            """
            C:    "Ada 1" "Grace 4" "Zoë 3" "émile 2"
            ICU:  "Ada 1" "émile 2" "Grace 4" "Zoë 3"
            nulls first: null 20 19
            nulls last:  20 19 null
            pages: [300, 300, 160]

            """
        ),
        (
            "FraiseStreaming",
            """
            20000 projects with 4990000 stars
            chunks had 32 to 512 rows
            at most 1 MiB was held: true
            project 7 is enough
            10 more, and 1 connection in all

            """
        ),
        (
            "FraiseTypedStreaming",
            """
            described: project 1, ["rust"], owned by émile 2
            decodable: 1 was made at 1767229200.0
            dynamic: 1, user2@tracker.example
            bytes: {"id":1,"project":1,"body":"The quick brown fox number 1 jumps over lazy dogs."}

            """
        ),
        (
            "FraisePauseResume",
            """
            paused: true
            20000 projects, paused for at least 40 ms: true
            left alone: pauseTimedOut, connection usable: true

            """
        ),
        (
            "FraiseErrorHandling",
            """
            no such view: server 42P01
            no name: queryInvalid\u{20}
            no document: schemaInvalid\u{20}
            writing: server 25006
            too slow: queryTimedOut\u{20}
            unreachable: connectFailed\u{20}
            other members: documentMismatch\u{20}
            0 projects, 100 rows left out, 2 errors kept
            the client after all that: fine

            """
        ),
        (
            "FraiseConfiguration",
            """
            application_name: tracker report
            statement_timeout: 15s
            work_mem: 16MB
            default_transaction_read_only: on
            1600 projects of eight users, on 4 connections at most: true

            """
        ),
        (
            "FraiseMetrics",
            """
            query_success_total entity=tracker.v_project: 3
            query_success_total entity=tracker.v_nothing: 0
            query_error_total entity=tracker.v_nothing,error_category=sql: 1
            rows_received_total entity=tracker.v_project: 19998
            rows_received_total entity=tracker.v_nothing: 0
            rows_filtered_total entity=tracker.v_project: 19638
            fraiseql_rows_filtered_total{entity="tracker.v_project"} 19638

            """
        ),
    ]

    @Test func `each says what the server has, and leaves it as it was`() async throws {
        // That of Debian knows the collations of ICU.
        try await PostgresServer.withServer(PostgresServerOptions(version: .major(15))) { server in
            for (program, expected) in Self.outputs {
                let run = try await BuiltExamples.run(program, server.url)
                #expect(run.output == expected, "\(program)")
                #expect(run.status == .code(0), "\(program)")
            }
            let filtering = try await BuiltExamples.run("FraiseFiltering", server.url)
            #expect(filtering.output.hasPrefix("SELECT \"data\" AS \"data\" FROM \"tracker\".\"v_user\" WHERE "))
            #expect(filtering.output.contains("$2 OR data->>'region' = $3) ORDER BY "))
            #expect(
                filtering.output.hasSuffix(
                    "\nAda 49 is 67\nAda 97 is 65\n4 came, 2 of them were filtered here\n"))

            let socket = try await BuiltExamples.run(
                "FraiseUnixSocket", server.socketDirectory, "\(server.port)", server.user,
                environment: ["PGPASSWORD=\(server.password)"])
            #expect(
                socket.output == """
                    100 users by a URL, over 1 socket
                    100 users by keywords, over 1 socket
                    another owner was asked for: serverNotVerified

                    """)
        }
    }

    @Test func `FraiseTLS checks who the server is`() async throws {
        let certificates = try TestCertificates.shared
        let options = PostgresServerOptions(
            version: .major(15),
            configuration: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"],
            files: [
                "server.crt": try certificates.text("good.chain.crt"), "server.key": try certificates.text("good.key"),
            ])
        try await PostgresServer.withServer(options) { server in
            let run = try await BuiltExamples.run("FraiseTLS", server.tcpURL, certificates.path("root.crt"))
            #expect(
                run.output == """
                    TLSv1.3, server verified: true
                    20000 documents, encrypted
                    with other authorities: serverNotVerified

                    """)
        }
    }

    @Test func `FraiseSCRAM signs in and prints no password`() async throws {
        try await PostgresServer.withServer { server in
            try await TemporaryDirectory.with { directory in
                let file = "\(directory)/password"
                try TemporaryDirectory.write(server.password + "\n", to: file)
                let url = "postgres://\(server.user)@127.0.0.1:\(server.port)/postgres"
                let run = try await BuiltExamples.run("FraiseSCRAM", url, file)
                #expect(
                    run.output.contains("\nsigned in, and read Ada 1\nwith another password: authenticationFailed, "))
                #expect(run.status == .code(0) && !run.output.contains(server.password))
            }
        }
    }

    @Test(arguments: ["FraiseBasicQuery", "FraiseTLS", "FraiseUnixSocket"])
    func `without arguments they say how they are used`(program: String) async throws {
        let run = try await BuiltExamples.run(program)
        #expect(run.status == .code(2) && run.output.hasPrefix("usage: \(program) "))
    }

    @Test func `a database that is not there is named`() async throws {
        let run = try await BuiltExamples.run("FraiseBasicQuery", "postgres://nobody@127.0.0.1:1/none")
        #expect(run.status == .code(1) && run.output.hasPrefix("could not go on: could not connect to 127.0.0.1:1: "))
    }
}
