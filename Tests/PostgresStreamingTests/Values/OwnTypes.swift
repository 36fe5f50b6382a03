import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

/// A database with types of extensions and of its own, made once on each of the shared servers.
enum OwnTypes {
    static let database = "own_types"

    /// Connects to it.
    static func connect(
        _ server: LiveServer, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) async throws -> PostgresConnection {
        try await Shared.databases.make(server)
        var configuration = try PostgresConfiguration(connectionString: try await server.server.url)
        configuration.database = database
        change(&configuration)
        return try await PostgresConnection.connect(configuration)
    }

    /// Runs `body` with connections that keep statements, that keep none, and that believe in a transaction pooler.
    static func withEveryConnection(
        _ server: LiveServer, _ body: (PostgresConnection) async throws -> Void
    ) async throws {
        let changes: [(inout PostgresConfiguration) -> Void] = [
            { _ in }, { $0.statementCache.countMax = 0 }, { $0.pooler = .transaction },
        ]
        for change in changes { try await body(try await connect(server, change)) }
    }

    private actor Shared {
        static let databases = Shared()
        private var made: [Int: Task<Void, any Error>] = [:]

        func make(_ server: LiveServer) async throws {
            if let task = made[server.rawValue] { return try await task.value }
            let task = Task {
                try await server.connect().execute("CREATE DATABASE \(identifier: OwnTypes.database)")
                var configuration = try PostgresConfiguration(connectionString: try await server.server.url)
                configuration.database = OwnTypes.database
                let connection = try await PostgresConnection.connect(configuration)
                try await connection.execute(OwnTypes.schema, mode: .simple)
            }
            made[server.rawValue] = task
            return try await task.value
        }
    }

    private static let schema: PostgresQuery = """
        CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION seg;
        CREATE TYPE mood AS ENUM ('sad', 'open', 'very "happy"');
        CREATE DOMAIN grade AS int4;
        CREATE DOMAIN email AS text;
        CREATE TYPE place AS (name text, mood mood, path ltree);
        CREATE TYPE visit AS (number int4, grade grade, email email);
        CREATE TYPE stretch AS (name text, span seg);
        CREATE VIEW spans AS SELECT 1 AS n, '1 .. 2'::seg AS span;
        CREATE VIEW stretches AS SELECT 1 AS n, ROW('a', '1 .. 2')::stretch AS stretch;
        CREATE VIEW span_lists AS SELECT 1 AS n, ARRAY['1 .. 2', '3']::seg[] AS spans;
        CREATE VIEW rights AS SELECT 1 AS n, (acldefault('r', 10))[1] AS it;
        """
}
