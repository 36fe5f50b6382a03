import Glibc
import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Where a document is looked for, and what may stand in which file.
@Suite struct PlacesTests {
    private func names(
        in directory: String, _ variables: [String: String] = [:], _ source: RegistrySource = .standard
    ) async throws(RegistryError) -> [String] {
        var options = RegistryOptions()
        options.variables = variables
        options.homeDirectory = directory
        options.workingDirectory = directory
        return try await RegistryDocument.read(source, options: options).names
    }

    private func document(_ name: String) -> String { "connections: {\(name): {host: h, user: u}}\n" }

    @Test func `the document is found in the usual places, in their order`() async throws {
        try await TemporaryDirectory.with { directory in
            #expect(try await names(in: directory, ["PGHOST": "h", "PGUSER": "u"]) == ["default"])
            unsafe mkdir("\(directory)/.config", 0o700)
            unsafe mkdir("\(directory)/.config/pgsluice", 0o700)
            defer {
                unsafe unlink("\(directory)/.config/pgsluice/config.yaml")
                unsafe rmdir("\(directory)/.config/pgsluice")
                unsafe rmdir("\(directory)/.config")
            }
            try TemporaryDirectory.write(document("home"), to: "\(directory)/.config/pgsluice/config.yaml")
            #expect(try await names(in: directory) == ["home"])
            try TemporaryDirectory.write(document("here"), to: "\(directory)/pgsluice.yaml")
            #expect(try await names(in: directory) == ["here"])
            try TemporaryDirectory.write(document("named"), to: "\(directory)/other.yaml")
            #expect(try await names(in: directory, ["PGSLUICE_CONFIG": "\(directory)/other.yaml"]) == ["named"])
            #expect(try await names(in: directory, [:], .file("\(directory)/other.yaml")) == ["named"])
            try TemporaryDirectory.write("{}", to: "\(directory)/pgsluice.json")
            let both = await refusal { () throws(RegistryError) in try await names(in: directory) }
            #expect(both?.description.contains("Remove one of them") == true)
            let missing = await refusal { () throws(RegistryError) in
                try await names(in: directory, ["PGSLUICE_CONFIG": "\(directory)/missing.yaml"])
            }
            #expect(missing?.code == .documentMissing)
        }
    }

    @Test func `settings and secrets may be in two files, of which others may read the one without secrets`()
        async throws
    {
        try await TemporaryDirectory.with { directory in
            let settings = """
                include: secrets.yaml
                connections: {orders: {host: db.example, user: u, sslmode: require}}
                """
            try TemporaryDirectory.write(settings, to: "\(directory)/pgsluice.yaml", mode: 0o644)
            try TemporaryDirectory.write(
                "connections: {orders: {password: s3cret}}\n", to: "\(directory)/secrets.yaml")
            var options = RegistryOptions()
            options.workingDirectory = directory
            let document = try await RegistryDocument.read(options: options)
            #expect(try document.profile(named: "orders").configuration.password == "s3cret")
            #expect(document.files == ["\(directory)/pgsluice.yaml", "\(directory)/secrets.yaml"])
            #expect(
                try document.explain("orders")["password"]?.provenance.description == "\(directory)/secrets.yaml:1:34")

            unsafe chmod("\(directory)/secrets.yaml", 0o640)
            let shared = await refusal { () throws(RegistryError) in
                try await RegistryDocument.read(options: options)
            }
            #expect(shared?.problems.count == 1)
            #expect(shared?.description.contains("secrets.yaml:1:34: \"password\" holds a secret, and others") == true)

            try TemporaryDirectory.write(
                "connections: {orders: {user: v, url: 'postgres://a:b@c/d'}}\n", to: "\(directory)/secrets.yaml",
                mode: 0o644)
            let twice = await refusal { () throws(RegistryError) in
                try await RegistryDocument.read(options: options)
            }
            #expect(twice?.problems.count == 2, "\(String(describing: twice))")
            #expect(
                twice?.description.contains("\"user\" is set twice. The first is at \(directory)/pgsluice.yaml:2:")
                    == true)
            #expect(twice?.description.contains("\"url\" holds a secret") == true)
        }
    }

    @Test func `a service file counts for less than the document and more than defaults`() async throws {
        try await TemporaryDirectory.with { directory in
            try TemporaryDirectory.write(
                "[orders]\nhost=service.example\nport=5999\n", to: "\(directory)/.pg_service.conf")
            var options = RegistryOptions()
            options.variables = ["PGPORT": "1", "PGUSER": "x"]
            options.homeDirectory = directory
            let document = try await RegistryDocument.read(
                .text("connections: {orders: {service: orders, host: db.example, user: u}}"), options: options)
            let explained = try document.explain("orders")
            #expect(explained["host"]?.text == "db.example")
            #expect(
                explained["port"]?.provenance
                    == .serviceFile(section: "orders", file: "\(directory)/.pg_service.conf"))
            #expect(
                try document.profile(named: "orders").configuration.endpoints == [.tcp(host: "db.example", port: 5999)])

            options.variables = ["PGSERVICE": "orders", "PGUSER": "x"]
            let surroundings = try await RegistryDocument.read(.surroundings, options: options)
            #expect(try surroundings.explain("default")["user"]?.provenance == .variable("PGUSER"))
            #expect(
                try surroundings.profile(named: "default").configuration.endpoints == [
                    .tcp(host: "service.example", port: 5999)
                ])
        }
    }
}

/// What a call of the registry is refused with; nil where it is not.
func refusal<Value>(
    _ body: nonisolated(nonsending) () async throws(RegistryError) -> Value
) async -> RegistryError? {
    do throws(RegistryError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
