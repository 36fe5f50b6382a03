import Glibc
import PostgresTesting
import Testing

@Suite struct ServiceTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func `the service works until a signal ends it in order`(_ signal: Int32) async throws {
        try await PostgresServer.withServer { server in
            let pipe = try Pipe()
            let program = try await BuiltExamples.path(of: "Service")
            let process = try await ChildProcess.start(
                ProcessLaunch([program, server.url], output: .descriptor(pipe.writeEnd)))
            close(pipe.writeEnd)
            defer { close(pipe.readEnd) }
            let first = await onDedicatedThread { [readEnd = pipe.readEnd] in
                readBytes(from: readEnd, max: 4096, until: UInt8(ascii: "\n"))
            }
            #expect(String(decoding: first, as: UTF8.self) == "working\n")
            await process.signal(signal)
            let (end, isTimedOut) = await process.exit(secondsMax: 60)
            #expect(end == .code(0) && !isTimedOut)
            let rest = await onDedicatedThread { readBytes(from: pipe.readEnd, max: 4096) }
            let words = String(decoding: rest, as: UTF8.self)
            #expect(words.hasPrefix("stopped after ") && words.contains(" jobs, on "), "\(words)")
        }
    }

    @Test func `without a database it says why, and without arguments how it is used`() async throws {
        let lost = try await BuiltExamples.run("Service", "postgres://nobody@127.0.0.1:1/none")
        #expect(lost.status == .code(1) && lost.output.contains("could not go on: could not connect to 127.0.0.1:1: "))
        let empty = try await BuiltExamples.run("Service")
        #expect(empty.status == .code(2) && empty.output.hasPrefix("usage: Service URL"))
    }
}
