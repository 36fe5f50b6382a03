import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// A registry over a real server: from a document to a query, and from one document to the next.
@Suite(.timeLimit(.minutes(2))) struct RegistryTests {
    private func open(
        _ path: String, _ change: (inout RegistryOptions) -> Void = { _ in }
    ) async throws(RegistryError) -> Registry {
        var options = RegistryOptions()
        change(&options)
        return try await Registry.open(.file(path), options: options)
    }

    private func isReadOnly(_ client: RegistryClient) async throws -> String? {
        do throws(PostgresError) {
            try await client.execute("CREATE TABLE registry_protected (id int)")
            try await client.execute("DROP TABLE registry_protected")
            return nil
        } catch {
            return error.sqlState?.description ?? error.code.description
        }
    }

    @Test func `a document leads to a query`() async throws {
        let server = try await LiveServer.postgres15.server
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgsluice.yaml"
            try TemporaryDirectory.write(
                "connections:\n  orders:\n" + server.entry() + "    application_name: registry\n", to: path)
            let registry = try await open(path)
            let client = try registry.client(named: "orders")
            #expect(registry.poolCount == 0)
            let name = try await client.query("SELECT current_setting('application_name')").only().decode(String.self)
            #expect(name == "registry" && registry.poolCount == 1)
            #expect(try client.statistics.opened == 1)
            let unknown = await refusal { () throws(RegistryError) in try registry.client(named: "order") }
            #expect(unknown?.code == .nameUnknown && unknown?.description.contains("\"orders\"") == true)
            let other = try registry.client(named: "orders", replacing: [.applicationName: "other"])
            #expect(
                try await other.query("SELECT current_setting('application_name')").only().decode(String.self)
                    == "other")
            #expect(registry.poolCount == 2)
            #expect(await registry.close())
            #expect(await refusal { () throws(RegistryError) in try registry.client(named: "orders") }?.code == .closed)
        }
    }

    @Test func `a protected connection writes after a confirmation by name`() async throws {
        let server = try await LiveServer.postgres15.server
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgsluice.yaml"
            try TemporaryDirectory.write(
                "connections:\n  orders:\n" + server.entry() + "environments: {production: {protected: true}}\n",
                to: path)
            let registry = try await open(path) { $0.environment = "production" }
            let guarded = try registry.client(named: "orders")
            #expect(try guarded.isReadOnly)
            #expect(try await isReadOnly(guarded) == "25006")
            let wrong = await refusal { () throws(RegistryError) in
                try registry.client(named: "orders", confirming: "development/orders")
            }
            #expect(wrong?.code == .confirmationWrong && wrong?.description.contains("\"production/orders\"") == true)
            let confirmed = try registry.client(named: "orders", confirming: "production/orders")
            #expect(try await isReadOnly(confirmed) == nil)
            // Also after the reset between two leases, and within a transaction.
            for _ in 1...3 { #expect(try await isReadOnly(guarded) == "25006") }
            await registry.close()
        }
    }

    @Test(arguments: [PgBouncerOptions.PoolMode.session, .transaction])
    func `a protected connection only reads through a pooler as well`(mode: PgBouncerOptions.PoolMode) async throws {
        let server = try await LiveServer.postgres15.server
        try await LivePooler.run(inFrontOf: server, PgBouncerOptions(poolMode: mode)) { pooler in
            let text = "connections: {orders: {url: \"\(pooler.url())\", pooler: \(mode), protected: true}}"
            let registry = try await Registry.open(.text(text))
            let client = try registry.client(named: "orders")
            #expect(try await isReadOnly(client) == "25006")
            #expect(try await client.query("SELECT 1").only().decode(Int.self) == 1)
            if mode == .transaction {
                #expect(throws: PostgresError.self) { _ = try client.pool }
            }
            #expect(try await isReadOnly(registry.client(named: "orders", confirming: "orders")) == nil)
            await registry.close()

            let undeclared = try await Registry.open(
                .text("connections: {orders: {url: \"\(pooler.url())\", protected: true}}"))
            let error = await failure { try await undeclared.client(named: "orders").connect() }
            #expect(error?.hint?.contains("declare it by the key pooler") == true, "\(String(describing: error))")
            await undeclared.close()
        }
    }

    @Test func `a reload replaces what changed, and leases in hand live on`() async throws {
        let server = try await LiveServer.postgres15.server
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgsluice.yaml"
            func write(_ changing: String) throws {
                try TemporaryDirectory.write(
                    "connections:\n  same:\n" + server.entry() + "  changing:\n" + server.entry()
                        + "    application_name: \(changing)\n", to: path)
            }
            try write("one")
            let registry = try await open(path)
            let (same, changing) = (try registry.client(named: "same"), try registry.client(named: "changing"))
            try await same.connect()
            try await changing.withConnection { connection in
                try write("two")
                #expect(try await registry.reload().changed == ["changing"])
                // The lease goes on with its session, while the next one is of the new document.
                for _ in 1...3 {
                    #expect(try await name(connection) == "one")
                    #expect(try await changing.withConnection { try await name($0) } == "two")
                }
            }
            try await same.execute("SELECT 1")
            #expect(try same.statistics.opened == 1)

            try TemporaryDirectory.write("connections: {same: {hots: x}}", to: path)
            let refused = await refusal { () throws(RegistryError) in try await registry.reload() }
            #expect(refused?.problems.count == 1)
            #expect(registry.lastReload?.refusal == refused)
            #expect(try await changing.withConnection { try await name($0) } == "two")

            try TemporaryDirectory.write("connections:\n  same:\n" + server.entry() + "    labels: {a: b}\n", to: path)
            let reload = try await registry.reload()
            #expect(reload.removed == ["changing"] && reload.changed.isEmpty)
            #expect(await failure { try await changing.connect() }?.code == .configurationInvalid)
            try await same.execute("SELECT 1")
            #expect(try same.statistics.opened == 1)
            await registry.close()
        }
    }

    private nonisolated(nonsending) func name(_ connection: PostgresConnection) async throws -> String {
        try await connection.query("SELECT current_setting('application_name')").only().decode(String.self)
    }

    @Test func `a registry that runs notices a changed file, also a broken one, and closes what is not used`()
        async throws
    {
        let server = try await LiveServer.postgres15.server
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgsluice.yaml"
            try TemporaryDirectory.write("connections:\n  orders:\n" + server.entry(), to: path)
            let (reloads, told) = AsyncStream.makeStream(of: RegistryReload.self)
            let registry = try await open(path) {
                $0.watchInterval = .milliseconds(5)
                $0.unusedPoolTime = .milliseconds(50)
                $0.onReload = { told.yield($0) }
            }
            try await registry.client(named: "orders").connect()
            #expect(registry.poolCount == 1)
            let running = Task { await registry.run() }
            while registry.poolCount > 0 { await Task.yield() }

            var reports = reloads.makeAsyncIterator()
            try TemporaryDirectory.write("connections: {orders: {", to: path)
            #expect(await reports.next()?.refusal?.code == .documentInvalid)
            try TemporaryDirectory.write("connections: {other: {host: h, user: u}}", to: path)
            var last = await reports.next()
            // The file may have been seen while it was empty.
            while last?.refusal != nil || last?.added.isEmpty == true { last = await reports.next() }
            #expect(last?.added == ["other"] && last?.removed == ["orders"])
            #expect(registry.document.names == ["other"])
            await registry.close()
            await running.value
        }
    }

    @Test func `the pool that was unused for longest makes room`() async throws {
        let server = try await LiveServer.postgres15.server
        let registry = try await Registry.open(
            .text("connections:\n  orders:\n" + server.entry()), options: RegistryOptions { $0.poolsMax = 2 })
        func client(_ name: String) throws -> RegistryClient {
            try registry.client(named: "orders", replacing: [.applicationName: name])
        }
        try await client("a").connect()
        try await client("b").withConnection { _ in
            try await client("c").withConnection { _ in
                let error = await failure { try await client("d").connect() }
                #expect(error?.message.contains("all of the registry's 2 pools are in use") == true)
            }
        }
        try await client("d").connect()
        #expect(registry.poolCount == 2)
        await registry.close()
    }
}

/// What a call fails with; nil where it does not.
func failure<Value>(
    _ body: nonisolated(nonsending) () async throws -> Value
) async -> PostgresError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}
