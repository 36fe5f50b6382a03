import Glibc
import PostgresRegistry
import PostgresStreaming

/// A process that opens the connection `orders` of the document that its argument names, and waits for the end of its standard
/// input, for the test that kills it.
@main struct RegistryOwner {
    static func main() async throws {
        let registry = try await Registry.open(.file(CommandLine.arguments[1]))
        try await registry.client(named: "orders").connect()
        let line = Array("ready\n".utf8)
        _ = unsafe write(STDOUT_FILENO, line, line.count)
        while readLine() != nil {}
        await registry.close()
    }
}
