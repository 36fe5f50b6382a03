import FraiseWire
import JSONTape
import PostgresRegistry
import PostgresStreaming

/// What documented snippets assume to be there, by name: the parameters of the functions that they stand in. Each use makes
/// it anew for the database of the snippet, which is as schema.sql says.
struct Surroundings: Sendable {
    let url: String

    var connection: PostgresConnection { get async throws { try await PostgresConnection.connect(url) } }
    /// Others to the same database.
    var archive: PostgresConnection { get async throws { try await connection } }
    var old: PostgresConnection { get async throws { try await connection } }
    var new: PostgresConnection { get async throws { try await connection } }
    var client: PostgresClient { get throws { try PostgresClient(url) } }
    var configuration: PostgresConfiguration { get throws { try PostgresConfiguration(connectionString: url) } }
    var fraise: FraiseClient { get async throws { try await FraiseClient.connect(url) } }
    var query: FraiseQuery<User> { get async throws { try await fraise.query("v_user", as: User.self) } }
    var registry: Registry { get async throws { try await declaredConnections(at: url) } }
    var rows: RowStream { get async throws { try await connection.query("SELECT 1, 'Ada'") } }

    var id: Int { 1 }
    var ids: [Int] { [1, 2] }
    var name: String { "Ada" }
    var names: [String] { ["Ada", "Grace"] }
    var newIDs: [Int] { [21, 22] }
    var amounts: [Int] { Array(1...12_000) }
    var email: String { "ada@db.example" }
    var region: String { "north" }
    var cart: Int { 1 }
    var customer: Int32 { 1 }
    var pairs: [(id: Int, name: String)] { [(id: 11, name: "Ada"), (id: 12, name: "Grace")] }
    var orders: [(id: Int, name: String)] { pairs }
    var from: PostgresDate { PostgresDate(year: 2026, month: 5, day: 1) ?? .infinity }
    var to: PostgresDate { PostgresDate(year: 2026, month: 5, day: 31) ?? .infinity }
    /// A document.
    var text: String { #"{"id": 1, "name": "Ada", "address": {"city": "Lyon"}}"# }
    var documents: [[UInt8]] { [Array(#"{"owner": {"name": "Ada"}}"#.utf8)] }
    /// A connection string that somebody typed.
    var submitted: String { "postgres://app@db.example/shop" }
}

/// The documents of the view v_user.
struct User: JSONDecodable {
    let id: Int
    let name: String

    init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
    }
}

func declaredConnections(at url: String) async throws -> Registry {
    let text = "connections: {orders: '\(url)', stock: '\(url)'}\nenvironments: {production: {protected: true}}\n"
    return try await Registry.open(.text(text), options: RegistryOptions { $0.environment = "production" })
}

func password(of user: String) async throws -> String { "" }
func token(from issuer: String, allowing scope: String?) async throws -> String { "" }
func serve(with client: PostgresClient) async throws { try await client.execute("SELECT 1") }
