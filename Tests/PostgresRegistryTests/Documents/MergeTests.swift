import PostgresRegistry
import PostgresStreaming
import Testing

/// Which of several places counts, and that the explanation says so.
@Suite struct MergeTests {
    private static let layered = """
        templates:
          base: {sslmode: require, user: base, pool: {connections_max: 20, lease_timeout: 3s}}
          shop: {template: base, user: shop, connect_timeout: 4, parameters: {search_path: shop}}
        connections:
          orders: {template: shop, host: db.example, dbname: orders, labels: {team: a}}
          stock: {template: [shop], url: "postgres://stock@stock.example:5433/stock", labels: {team: b}}
        environments:
          production:
            protected: true
            templates: {base: {sslmode: verify-full, sslrootcert: system}}
            connections:
              orders: {host: prod.example, pool: {connections_max: 50}}
              stock: {protected: false}
          staging: {}
        groups: {shop: [orders, stock]}
        """

    @Test func `call site, overlay, entry, template and default count in this order`() async throws {
        let plain = try await read(Self.layered)
        #expect(try plain.value("host", of: "orders") == "db.example | doc.yaml:5:34")
        #expect(try plain.value("user", of: "orders") == "shop | doc.yaml:3:32 template \"shop\"")
        #expect(try plain.value("sslmode", of: "orders") == "require | doc.yaml:2:19 template \"base\"")
        #expect(try plain.value("port", of: "orders") == "5432 | default")
        #expect(try plain.value("pool.connections_max", of: "orders") == "20 | doc.yaml:2:64 template \"base\"")
        #expect(try plain.value("pool.idle_timeout", of: "orders") == "600s | default")

        let production = try await read(Self.layered, environment: "production")
        #expect(
            try production.value("host", of: "orders") == "prod.example | doc.yaml:12:22 environment \"production\"")
        #expect(
            try production.value("sslmode", of: "orders")
                == "verify-full | doc.yaml:10:33 template \"base\" of environment \"production\"")
        let profile = try production.profile(named: "orders")
        #expect(profile.pool.connectionsMax == 50 && profile.pool.leaseTimeout == .seconds(3))
        #expect(profile.configuration.tls.mode == .verifyFull && profile.configuration.tls.roots == .system)
        #expect(profile.configuration.runtimeParameters == ["search_path": "shop"])
        #expect(profile.configuration.addressTimeout == .seconds(4))
        #expect(profile.isProtected && profile.confirmation == "production/orders")
        #expect(try !production.profile(named: "stock").isProtected)
        #expect(profile.labels == ["team": "a"] && profile.groups == ["shop"])
        #expect(production.names(labelled: ["team": "b"]) == ["stock"])

        let explained = try production.explain("orders", replacing: [.host: "tenant.example"])
        #expect(explained["host"]?.provenance == .callSite)
        #expect(explained["host"]?.overridden.count == 2)
    }

    @Test func `a part beside a URL replaces that part`() async throws {
        let document = try await read(
            """
            connections:
              orders: {url: "postgres://app:pw@db.example:5433/orders?application_name=x", dbname: other, port: 5434}
            """)
        let configuration = try document.profile(named: "orders").configuration
        #expect(configuration.endpoints == [.tcp(host: "db.example", port: 5434)])
        #expect(configuration.database == "other" && configuration.user == "app" && configuration.password == "pw")
        #expect(configuration.applicationName == "x")
    }

    @Test func `a host takes its address and port along`() async throws {
        let text = """
            connections:
              a: {host: old.example, hostaddr: 10.0.0.1, port: 5433, user: u}
              b: {host: old.example, port: 5433, user: u}
              c: {url: "postgres://u@old.example:5433/old?hostaddr=10.0.0.1"}
            environments:
              production:
                connections:
                  a: {host: new.example}
                  b: {url: "postgres://new.example/new"}
                  c: {host: new.example}
            """
        let document = try await read(text, environment: "production")
        #expect(try document.profile(named: "a").configuration.endpoints == [.tcp(host: "new.example", port: 5433)])
        #expect(try document.profile(named: "b").configuration.endpoints == [.tcp(host: "new.example", port: 5432)])
        #expect(try document.profile(named: "b").configuration.user == "u")
        #expect(try document.profile(named: "c").configuration.endpoints == [.tcp(host: "new.example", port: 5433)])
        let replaced = try document.profile(named: "a", replacing: [.host: "here.example", .dbname: "t"])
        #expect(replaced.configuration.endpoints == [.tcp(host: "here.example", port: 5433)])
        #expect(replaced.configuration.database == "t")
    }

    @Test func `scalars have the type of their key and no other`() async throws {
        let document = try await read(
            """
            connections:
              norway: {host: no, user: 020222070707, dbname: 1e3, password: 1:30, application_name: null-ish}
            """)
        let configuration = try document.profile(named: "norway").configuration
        #expect(configuration.endpoints == [.tcp(host: "no")])
        #expect(configuration.user == "020222070707" && configuration.database == "1e3")
        #expect(configuration.password == "1:30")
    }

    @Test func `JSON says the same as YAML`() async throws {
        let json = try await read(
            #"{"connections": {"orders": {"host": "db.example", "port": 5433, "user": "u", "protected": true}}}"#)
        let yaml = try await read("connections: {orders: {host: db.example, port: 5433, user: u, protected: true}}")
        for document in [json, yaml] {
            let profile = try document.profile(named: "orders")
            #expect(profile.configuration.endpoints == [.tcp(host: "db.example", port: 5433)] && profile.isProtected)
        }
    }

    @Test func `a thousand connections are read`() async throws {
        let entries = (0..<1000).map { "  c\($0): {template: base, host: db\($0).example, dbname: d\($0)}\n" }.joined()
        let text =
            "templates: {base: {sslmode: require, user: u, pool: {connections_max: 5}}}\nconnections:\n" + entries
        #expect(try await read(text).names.count == 1000)
    }
}
