import Glibc
import JSONTape
import PostgresStreaming

/// A document of the query below. Members may come in any order; those that nobody asks for are stepped over.
struct Project: JSONDecodable {
    let id: Int
    let name: String
    let tags: [String]
    let score: Double?

    init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
        tags = try members.decode("tags")
        score = try members.decode("score")
    }
}

/// Streams JSON documents and decodes each where it lies in the receive buffer.
///
///     swift run -c release --package-path Examples JSONDocuments postgres://user@localhost/database
@main
struct JSONDocuments {
    static func main() async throws {
        guard CommandLine.arguments.count > 1 else {
            print("usage: JSONDocuments URL")
            exit(2)
        }
        let url = CommandLine.arguments[1]
        try await PostgresConnection.onEventLoop { try await show(at: url) }
    }

    nonisolated(nonsending) static func show(at url: String) async throws {
        let connection = try await PostgresConnection.connect(url)
        let rows = try await connection.query(
            """
            SELECT jsonb_build_object('id', n, 'name', 'project ' || n, 'tags', jsonb_build_array('swift', 'tag ' || n % 3),
                'score', nullif(n % 4, 0) / 4.0, 'owner', jsonb_build_object('name', 'Ada')) FROM generate_series(1, 1000) AS n
            """)
        var (count, scores) = (0, 0.0)
        for try await document in rows.decode(PostgresJSON<Project>.self) {
            let project = document.value
            if count < 2 { print("\(project.name): \(project.tags.joined(separator: ", "))") }
            scores += project.score ?? 0
            count += 1
        }
        print("\(count) documents, scores add up to \(scores)")
        await connection.close()
    }
}
