// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

func password(of user: String) async throws -> String { "" }
func token(from issuer: String, allowing scope: String?) async throws -> String { "" }

nonisolated(nonsending) func connecting() async throws {
    let connection = try await PostgresConnection.connect("postgres://app@db.example/shop?sslmode=verify-full")
    let count = try await connection.query("SELECT count(*) FROM customer").only().decode(Int.self)
    print("\(count) customers")
    await connection.close()
}

nonisolated(nonsending) func binding(_ connection: PostgresConnection, _ region: String) async throws {
    let customers = try await connection.query("SELECT id, name FROM customer WHERE region = \(region)")
    for try await (id, name) in customers.decode((Int, String?).self) {
        print("customer \(id) is \(name ?? "nameless")")
    }
}

nonisolated(nonsending) func firstPool(_ url: String) async throws {
    let client = try PostgresClient(url)
    try await client.connect()
    let names = try await client.query("SELECT name FROM customer").decode(String.self).collect()
    print(names.joined(separator: ", "))
    await client.close()
}

func securing(_ url: String) throws -> PostgresConfiguration {
    var configuration = try PostgresConfiguration(connectionString: url)
    configuration.tls.mode = .verifyFull
    configuration.tls.roots = .file("/etc/ssl/certs/database-root.crt")
    configuration.channelBinding = .require
    configuration.passwordProvider = { request in try await password(of: request.user) }
    return configuration
}

func showingToken(_ url: String) throws -> PostgresConfiguration {
    var configuration = try PostgresConfiguration(connectionString: url)
    configuration.tls.mode = .verifyFull
    configuration.oauth.issuer = "https://login.example/realms/db"
    configuration.tokenProvider = { request in
        PostgresConfiguration.BearerToken(try await token(from: request.issuer, allowing: request.scope))
    }
    return configuration
}

func untrusted(_ text: String) throws -> PostgresConfiguration {
    let configuration = try PostgresConfiguration(untrusted: text)
    return configuration
}
