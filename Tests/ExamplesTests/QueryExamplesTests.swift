import PostgresTesting
import Testing

@Suite struct QueryExamplesTests {
    private static let firstQueryOutput = """
        customer 1 is Ada
        customer 2 is nameless
        the server says: division by zero; connection usable: true
        the server says: division by zero; connection usable: true

        """

    @Test func `FirstQuery binds, decodes and survives an error`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await BuiltExamples.run("FirstQuery", server.url)
            #expect(run.output == Self.firstQueryOutput)
            #expect(run.status == .code(0))
        }
    }

    @Test func `FirstQuery takes the URL from the environment too`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await BuiltExamples.run("FirstQuery", environment: ["POSTGRES_URL=\(server.tcpURL)"])
            #expect(run.output == Self.firstQueryOutput)
        }
    }

    @Test func `FirstQuery without a URL says how it is used`() async throws {
        let run = try await BuiltExamples.run("FirstQuery")
        #expect(run.status == .code(2))
        #expect(run.output.hasPrefix("usage: FirstQuery URL"))
    }

    @Test func `FirstQuery says why there is no connection`() async throws {
        let run = try await BuiltExamples.run("FirstQuery", "postgres://nobody@127.0.0.1:1/none")
        #expect(run.status == .code(1))
        #expect(run.output.hasPrefix("could not go on: could not connect to 127.0.0.1:1: "))
    }

    @Test func `Transactions moves money from many tasks and loses none`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await BuiltExamples.run("Transactions", server.url)
            let refusal = "new row for relation \"example_account\" violates check constraint "
            #expect(
                run.output == """
                    account 1: 850
                    account 2: 1150
                    refused: \(refusal)"example_account_balance_check"
                    account 1 after the savepoint: 800

                    """)
            #expect(run.status == .code(0))
        }
    }

    @Test func `JSONDocuments decodes documents where they lie`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await BuiltExamples.run("JSONDocuments", server.url)
            #expect(
                run.output == """
                    project 1: swift, tag 1
                    project 2: swift, tag 2
                    1000 documents, scores add up to 375.0

                    """)
            #expect(run.status == .code(0))
        }
    }

    @Test func `StreamLargeTable reads two million rows in the memory of a few buffers`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await BuiltExamples.run("StreamLargeTable", server.url, "2000000")
            #expect(run.output.hasPrefix("2000000 rows, sum 2000001000000, 34888896 bytes of text\n"))
            #expect(run.status == .code(0))
            let words = run.output.split(separator: " ")
            let megabytes = try #require(words.firstIndex(of: "most").map { Int(words[$0 + 1]) } ?? nil)
            // The result is 60 MB on the wire; a Swift process that does nothing has 7 resident.
            #expect(megabytes < 20)
        }
    }
}
