import PostgresRegistry
import PostgresTestSupport
import Testing

/// What is wrong with a document is told all at once, with its place and what to write instead.
@Suite struct DocumentProblemTests {
    @Test func `every problem of a document is told at once, in its order`() async {
        let found = await problems(
            """
            version: 2
            connektions: {}
            connections:
              orders:
                hots: db.example
                port: 99999
                pool: {connections_max: many, idle_timeout: 30}
                database: shop
                search_path: app
              stock: {template: bse}
            templates:
              base: {sslmode: verify-full}
            groups: {all: [orders, stok]}
            environments:
              production: {connections: {order: {host: a}}}
            """)
        #expect(
            found == [
                "doc.yaml:1:10: version of the document is not 1",
                "doc.yaml:2:1: unknown key \"connektions\". Did you mean \"connections\"?",
                "doc.yaml:5:5: unknown key \"hots\". Did you mean \"host\"?",
                "doc.yaml:6:11: value of \"port\" is not in 1…65535",
                "doc.yaml:8:5: unknown key \"database\". Did you mean \"dbname\"?",
                "doc.yaml:9:5: unknown key \"search_path\". \"search_path\" is a setting of the server: write it below \"parameters\".",
                "doc.yaml:10:21: document has no template \"bse\". Did you mean \"base\"?",
                "doc.yaml:13:24: document has no connection \"stok\". Did you mean \"stock\"?",
                "doc.yaml:15:30: document has no connection \"order\". Did you mean \"orders\"?",
            ])
    }

    @Test(arguments: [
        ("pool: {connections_max: many}", "\"pool.connections_max\" is not a whole number in 1…1000000"),
        (
            "pool: {idle_timeout: 30}",
            "\"pool.idle_timeout\" is not a time with a unit. Write a whole number and a unit"
        ),
        ("pool: {lifetime_jitter: 1.5}", "\"pool.lifetime_jitter\" is not a number from 0 to 1"),
        ("pool: {reset: all}", "\"pool.reset\" is none of keep-statements, discard-all, nothing"),
        ("pool: {connections_min: 9, connections_max: 3}", "pool.connections_min is greater than pool.connections_max"),
        ("pool: {backoff_min: 0s}", "\"pool.backoff_min\" is no time greater than zero"),
        ("pool: 3", "\"pool\" is not made of keys and values"),
        ("pool: {size: 3}", "\"pool\" has an unknown key \"size\""),
        ("protected: yes", "\"protected\" is neither true nor false. Only true and false count"),
        ("pooler: pgbouncer", "\"pooler\" is none of session, transaction"),
        ("host: [a, b]", "\"host\" is no single value"),
        ("user:", "\"user\" has no value. Write \"\" for an empty one"),
        ("user: ~", "\"user\" has no value"),
        ("url: db.example", "\"url\" is no URL. Write postgres://"),
        ("url: 'postgres://a@b@c/'", "\"url\" is no URL: connection string has an \"@\""),
        ("sslmode: verify", "value of \"sslmode\" is none of disable"),
        ("ssh: {user: a}", "tunnel names no host"),
        ("ssh: {host: '-oProxyCommand=x'}", "\"ssh.host\" holds a character"),
        ("{host: /run/postgresql, ssh: {host: a}}", "a tunnel cannot lead to a Unix-domain socket"),
        ("limits: {row_bytes_max: 0}", "\"limits.row_bytes_max\" is not a whole number in 1…"),
        ("template: t", "document has no template \"t\""),
        ("host: '${A}'", "environment variable A, which is not set. Set it, or write ${A:-default}."),
        ("host: '${A:?the host of orders}'", "environment variable A, which is not set: the host of orders"),
        ("host: '${A'", "has a \"${\" without \"}\""),
        ("host: '${A:-${B}}'", "has a reference within a reference"),
        ("host: '${A-b}'", "has a \"${…}\" that is no reference"),
        ("password: '${command:pass show orders}'", "commands are not allowed"),
        ("password: '${file:/nonexistent/x}'", "names the file \"/nonexistent/x\", which does not exist"),
    ])
    func `a wrong value is refused with its place`(line: String, expected: String) async {
        let entry = line.hasPrefix("{") ? " \(line)" : "\n    \(line)"
        let found = await problems("connections:\n  orders:\(entry)\n")
        #expect(found.count == 1 && found[0].contains(expected), "\(found)")
        #expect(found.first?.hasPrefix("doc.yaml:2:") == true || found.first?.hasPrefix("doc.yaml:3:") == true)
    }

    @Test func `templates that inherit from themselves are refused`() async {
        let found = await problems(
            """
            connections: {orders: {template: a}}
            templates:
              a: {template: b}
              b: {template: [c, a]}
              c: {}
            """)
        #expect(found.allSatisfy { $0.contains("inherits from itself: ") }, "\(found)")
        #expect(found.contains("doc.yaml:4:21: template \"a\" inherits from itself: a → b → a"), "\(found)")
    }

    @Test func `an environment that the document does not have is refused`() async {
        let text = "connections: {orders: {host: a}}\nenvironments: {production: {}, staging: {}}\n"
        #expect(
            await problems(text, environment: "prodution")
                == ["document has no environment \"prodution\". Did you mean \"production\"?"])
        #expect(
            await problems("environment: ${APP_ENV:-test}\n" + text)
                == ["doc.yaml:1:14: document has no environment \"test\". The environments are production, staging."])
    }

    @Test func `no error holds a value of the document`() async {
        let secret = "geheim-4711"
        for line in [
            "url: 'postgres://a:\(secret)@b@c/'", "password: ['\(secret)']", "port: '\(secret)'",
            "sslmode: '\(secret)'",
            "pool: {idle_timeout: '\(secret)'}", "host: '\(secret) '", "hostaddr: '\(secret)'",
            "url: '\(secret)'", "ssh: {host: '\(secret) x'}", "require_auth: '\(secret)'",
        ] {
            let found = await problems("connections:\n  orders:\n    \(line)\n")
            #expect(!found.isEmpty || line.hasPrefix("hostaddr"), "\(line)")
            #expect(!found.contains { $0.contains(secret) }, "\(found)")
        }
    }
}
