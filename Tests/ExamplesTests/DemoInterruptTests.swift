import Glibc
import PostgresTesting
import Testing

@Suite struct DemoInterruptTests {
    @Test(arguments: [(SIGINT, "Starting"), (SIGINT, "Filling"), (SIGINT, "Streaming"), (SIGTERM, "Streaming")])
    func `a signal stops the demo at once and leaves nothing behind`(_ signal: Int32, at stage: String) async throws {
        var template = Array("/tmp/demo-XXXXXX".utf8CString)
        unsafe mkdtemp(&template)
        let servers = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        unsafe chmod(servers, 0o755)
        let pipe = try Pipe()
        defer { close(pipe.readEnd) }

        // Few documents where the streaming itself is to be interrupted, but far more than it can stream in the time.
        let program = try await BuiltExamples.path(of: "Demo")
        let rows = stage == "Streaming" ? "400000" : "5000000"
        let command = ["env", "TMPDIR=\(servers)", program, "--rows", rows]
        let demo = try await ChildProcess.start(ProcessLaunch(command, output: .descriptor(pipe.writeEnd)))
        close(pipe.writeEnd)
        var output = ""
        while !output.contains(stage) {
            let bytes = await onDedicatedThread { [readEnd = pipe.readEnd] in
                readBytes(from: readEnd, max: 65_536, until: UInt8(ascii: "\n"))
            }
            guard !bytes.isEmpty else { break }
            output += String(decoding: bytes, as: UTF8.self)
        }
        let processes = directoryEntries(servers).map { ServerProcesses(dataDirectory: "\(servers)/\($0)/data") }
        await demo.signal(signal)
        let (status, isTimedOut) = await demo.exit(secondsMax: 30)
        #expect(!isTimedOut)
        #expect(status == .code(128 + signal))
        #expect(processes.allSatisfy { $0.ids.isEmpty })
        #expect(directoryEntries(servers) == [])
        #expect(unsafe rmdir(servers) == 0)
    }
}
