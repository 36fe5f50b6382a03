import Glibc
import PostgresStreaming
import PostgresTesting

/// Fills a throwaway server with JSON documents and streams them all back, or streams from a server of yours.
@main
struct Demo {
    static func main() async {
        let interrupts = Interrupts()
        do {
            let arguments = try DemoArguments(CommandLine.arguments.dropFirst())
            let work = Task { try await run(arguments) }
            interrupts.cancel { work.cancel() }
            try await work.value
        } catch let error as DemoArguments.Invalid {
            leave("\(error.problem) (scripts/demo --help lists the options)", status: 2)
        } catch {
            if let signal = interrupts.received { leave("interrupted, and cleaned up", status: 128 + signal) }
            leave("\(error)", status: 1)
        }
        // The signal may have come when all was done.
        if let signal = interrupts.received { exit(128 + signal) }
    }

    static func run(_ arguments: DemoArguments) async throws {
        switch arguments.source {
        case .help:
            print(DemoArguments.usage)
        case .server(let url, let query):
            try await show(DocumentStream(url: url, query: query, rowsMax: arguments.rows))
        case .throwaway:
            print("Starting a throwaway Postgres server …")
            try await PostgresServer.withServer { server in
                print("PostgreSQL \(server.version) is running. Filling it with documents:")
                try await Documents.fill(server.url, count: arguments.rows ?? DemoArguments.rowsByDefault)
                let query: PostgresQuery = "SELECT data FROM v_project"
                try await show(DocumentStream(url: server.url, query: query, rowsMax: nil))
            }
            print("The server is stopped and its directory removed.")
        }
    }

    /// Streams on the event loop, where the socket is read, and prints what was measured.
    static func show(_ stream: DocumentStream) async throws {
        print("\nStreaming: \(stream.query.sql)")
        let measured = try await PostgresConnection.onEventLoop { try await stream.run() }
        print(measured.summary)
    }

    private static func leave(_ message: String, status: Int32) -> Never {
        fflush(nil)
        let line = Array("demo: \(message)\n".utf8)
        unsafe write(STDERR_FILENO, line, line.count)
        exit(status)
    }
}
