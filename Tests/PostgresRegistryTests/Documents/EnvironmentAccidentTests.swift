import Glibc
import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Variables that dropped production tables elsewhere: no entry changes unless it names one.
@Suite struct EnvironmentAccidentTests {
    private static let variables =
        ConnectionKeyword.all.compactMap(\.environmentVariable)
        + ["DATABASE_URL", "PGREQUIRESSL", "PGSERVICEFILE", "PGSYSCONFDIR", "PGDATESTYLE", "PGTZ", "PGGEQO"]

    private static let document = """
        templates: {base: {user: app, sslmode: disable}}
        connections:
          empty: {}
          host: {host: db.example}
          url: {url: "postgres://a@url.example/b"}
          inherits: {template: base, dbname: c}
          names: {host: "${PGHOST:-none.example}", user: u}
        environments: {test: {connections: {host: {port: 5433}}}}
        """

    @Test func `every variable of libpq set to production changes no entry but the one that names it`() async throws {
        var options = RegistryOptions()
        options.environment = "test"
        var kept: [String: String] = [:]
        for name in Self.variables {
            kept[name] = unsafe getenv(name).map { unsafe String(cString: $0) }
            unsafe unsetenv(name)
        }
        let before = try await RegistryDocument.read(.text(Self.document), options: options)
        for name in Self.variables { unsafe setenv(name, name == "PGPORT" ? "6543" : "production.example", 1) }
        let after = try await RegistryDocument.read(.text(Self.document), options: options)
        for name in Self.variables {
            unsafe unsetenv(name)
            if let value = kept[name] { unsafe setenv(name, value, 1) }
        }
        for name in before.names where name != "names" {
            #expect(try before.explain(name) == after.explain(name))
            #expect(try "\(after.profile(named: name).configuration)" == "\(before.profile(named: name).configuration)")
        }
        #expect(try before.explain("names")["host"]?.text == "none.example")
        let host = try #require(try after.explain("names")["host"])
        #expect(host.text == "production.example" && host.references == ["${PGHOST}"])
        // Nothing else of that entry changed.
        #expect(
            try after.explain("names").values.filter { $0.key != "host" }
                == before.explain("names").values.filter { $0.key != "host" })
    }
}
