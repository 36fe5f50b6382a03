import Glibc
import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import Testing

/// The documents and the schema that users copy are right.
@Suite struct ExampleDocumentTests {
    private static let folder: String = {
        let parts = "\(#filePath)".split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/docs/registry"
    }()

    private func read(_ name: String, _ environment: String?, in directory: String) async throws(RegistryError)
        -> RegistryDocument
    {
        var options = RegistryOptions()
        options.environment = environment
        options.variables = ["SHOP_PASSWORD": "p"]
        options.homeDirectory = directory
        return try await RegistryDocument.read(.file("\(Self.folder)/\(name)"), options: options)
    }

    @Test func `the template for production is right in every environment`() async throws {
        for environment in [nil, "development", "staging"] {
            let document = try await read("production.yaml", environment, in: "/nonexistent")
            #expect(document.names == ["orders", "reports", "stock"])
            #expect(document.groups == ["shop": ["orders", "reports"]])
        }
        // The secret of production is in a file that only production has.
        let production = await refusal { () throws(RegistryError) in
            try await read("production.yaml", "production", in: "/nonexistent")
        }
        #expect(production?.problems.allSatisfy { $0.message.contains("/run/secrets/shop-password") } == true)
    }

    @Test func `the other examples are right`() async throws {
        let minimal = try await read("minimal.yaml", nil, in: "/nonexistent")
        #expect(try minimal.profile(named: "orders").configuration.tls.mode == .verifyFull)
        let service = try await read("service.json", "production", in: "/nonexistent")
        #expect(try service.profile(named: "orders").confirmation == "production/orders")
        #expect(try service.profile(named: "orders").configuration.endpoints == [.tcp(host: "orders.example")])
    }

    @Test func `the schema in the repository is the one of the table of keys`() throws {
        let path = "\(Self.folder)/pgsluice.schema.json"
        if environmentText("REGISTRY_WRITE_SCHEMA") != nil {
            try TemporaryDirectory.write(RegistrySchema.text, to: path, mode: 0o644)
        }
        let descriptor = unsafe open(path, O_RDONLY)
        defer { close(descriptor) }
        #expect(descriptor >= 0)
        let written = String(decoding: readAll(descriptor), as: UTF8.self)
        #expect(written == RegistrySchema.text, "write it with REGISTRY_WRITE_SCHEMA=1")
    }

    private func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
    }

    @Test func `every keyword of libpq and every key of the table is in the schema`() {
        for keyword in ConnectionKeyword.all { #expect(RegistrySchema.text.contains("\"\(keyword)\": {")) }
        for key in ["connections_max", "query_timeout", "known_hosts", "protected", "pooler"] {
            #expect(RegistrySchema.text.contains("\"\(key)\": {"))
        }
    }
}
