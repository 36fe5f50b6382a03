import Glibc
import PostgresTesting
import Testing

@Suite struct MetricsEndpointTests {
    /// The running example, and the address that it printed.
    private struct Endpoint {
        let process: ChildProcess
        let output: Int32
        let address: String
    }

    private func start(_ url: String) async throws -> Endpoint {
        let pipe = try Pipe()
        let program = try await BuiltExamples.path(of: "MetricsEndpoint")
        let command = ["sh", "-c", "exec \"$0\" \"$1\" 2>/dev/null", program, url]
        let process = try await ChildProcess.start(ProcessLaunch(command, output: .descriptor(pipe.writeEnd)))
        close(pipe.writeEnd)
        let line = await onDedicatedThread { [readEnd = pipe.readEnd] in
            readBytes(from: readEnd, max: 4096, until: UInt8(ascii: "\n"))
        }
        let text = String(decoding: line, as: UTF8.self)
        return Endpoint(process: process, output: pipe.readEnd, address: String(text.prefix { $0 != "\n" }))
    }

    private func curl(_ arguments: String...) async throws -> String {
        try await ChildProcess.capture(["curl", "--silent", "--show-error", "--max-time", "20"] + arguments).output
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `curl gets metrics that promtool accepts, until a signal ends it`(_ signal: Int32) async throws {
        try await PostgresServer.withServer { server in
            let endpoint = try await start(server.url)
            defer { close(endpoint.output) }
            #expect(endpoint.address.hasPrefix("http://127.0.0.1:") && endpoint.address.hasSuffix("/metrics"))
            let head = try await curl("--head", endpoint.address)
            #expect(head.contains("HTTP/1.1 200 OK\r\n"))
            #expect(head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            // The first query may not be over yet.
            var text = ""
            for _ in 1...200 where !text.contains("postgres_query_success_total{entity=\"numbers\"}") {
                text = try await curl(endpoint.address)
            }
            #expect(text.contains("postgres_rows_received_total{entity=\"numbers\"} "))
            #expect(text.contains("\npostgres_connections_open 1\n") && !text.contains("generate_series"))
            let pipeline = "curl --silent --max-time 20 \"$0\" | promtool check metrics"
            let (status, output) = try await ChildProcess.capture(["sh", "-c", pipeline, endpoint.address])
            #expect(status == .code(0) && output.isEmpty, "\(output)")
            await endpoint.process.signal(signal)
            let (end, isTimedOut) = await endpoint.process.exit(secondsMax: 30)
            #expect(end == .code(0) && !isTimedOut)
            let rest = await onDedicatedThread { readBytes(from: endpoint.output, max: 4096) }
            #expect(String(decoding: rest, as: UTF8.self) == "stopped\n")
        }
    }

    @Test func `what is no request for metrics is refused, and the next one is answered`() async throws {
        try await PostgresServer.withServer { server in
            let endpoint = try await start(server.url)
            defer { close(endpoint.output) }
            let base = endpoint.address.replacing("/metrics", with: "")
            #expect(try await curl("--include", base + "/other").hasPrefix("HTTP/1.1 404 "))
            #expect(try await curl("--include", "--request", "POST", endpoint.address).hasPrefix("HTTP/1.1 405 "))
            let long = String(repeating: "x", count: 20_000)
            _ = try await curl("--header", "X-Long: \(long)", endpoint.address)
            #expect(try await curl("--include", endpoint.address).hasPrefix("HTTP/1.1 200 "))
            await endpoint.process.signal(SIGINT)
            #expect(await endpoint.process.exit(secondsMax: 30).status == .code(0))
        }
    }

    @Test func `without a database it says why, and without arguments how it is used`() async throws {
        let lost = try await BuiltExamples.run("MetricsEndpoint", "postgres://nobody@127.0.0.1:1/none")
        #expect(lost.status == .code(1) && lost.output.contains("could not go on: could not connect to 127.0.0.1:1: "))
        let empty = try await BuiltExamples.run("MetricsEndpoint")
        #expect(empty.status == .code(2) && empty.output.hasPrefix("usage: MetricsEndpoint URL"))
    }
}
