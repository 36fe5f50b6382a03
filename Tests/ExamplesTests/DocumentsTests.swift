import PostgresTesting
import Testing

@Suite struct DocumentsTests {
    @Test func `Documents asks by conditions, in order, page by page`() async throws {
        try await PostgresServer.withServer { server in
            let run = try await BuiltExamples.run("Documents", server.url)
            #expect(run.status == .code(0), "\(run.output)")
            #expect(
                run.output.hasPrefix("project 100: 100 stars, swift sql\nproject 99: 99 stars, c\n"), "\(run.output)")
            for line in [
                "pages of [40, 40, 20]", "project 7 belongs to Grace", "state: completed",
                "sends: SELECT (jsonb_build_object('name', 1)) AS \"data\" FROM \"v_example_project\" LIMIT $1",
                "documentMismatch: cannot decode row 1 of v_example_project into Project: ",
            ] {
                #expect(run.output.contains(line), "\(line) in \(run.output)")
            }
        }
    }

    @Test func `Documents without arguments says how it is used`() async throws {
        let empty = try await BuiltExamples.run("Documents")
        #expect(empty.status == .code(2) && empty.output.hasPrefix("usage: Documents URL"))
    }
}
