import Glibc
import PostgresTesting
import Testing

@Suite struct RegistryServiceTests {
    private static let document: String = {
        let root = "\(#filePath)".split(separator: "/").dropLast(3)
        return "/" + root.joined(separator: "/") + "/Examples/Sources/RegistryService/pgsluice.yaml"
    }()

    @Test(arguments: ["development", "production"])
    func `the service works in either environment, in production after a confirmation`(
        environment: String
    ) async throws {
        try await PostgresServer.withServer { server in
            let variables = ["APP_ENV=\(environment)", "VISITS_URL=\(server.url)"]
            if environment == "production" {
                let unconfirmed = try await BuiltExamples.run("RegistryService", Self.document, environment: variables)
                #expect(unconfirmed.status == .code(1) && unconfirmed.output.contains("read-only transaction"))
            }
            let pipe = try Pipe()
            let program = try await BuiltExamples.path(of: "RegistryService")
            let command = ["env"] + variables + ["CONFIRM=\(environment)/visits", program, Self.document]
            let process = try await ChildProcess.start(ProcessLaunch(command, output: .descriptor(pipe.writeEnd)))
            close(pipe.writeEnd)
            defer { close(pipe.readEnd) }
            let first = await onDedicatedThread { [readEnd = pipe.readEnd] in
                var text = ""
                while !text.hasSuffix("working\n") {
                    let piece = readBytes(from: readEnd, max: 4096, until: UInt8(ascii: "\n"))
                    guard !piece.isEmpty else { break }
                    text += String(decoding: piece, as: UTF8.self)
                }
                return text
            }
            let count = environment == "production" ? 20 : 4
            #expect(first.hasPrefix("visits in \(environment), at most \(count) connections ("), "\(first)")
            await process.signal(SIGTERM)
            let (end, isTimedOut) = await process.exit(secondsMax: 60)
            #expect(end == .code(0) && !isTimedOut)
            let rest = await onDedicatedThread { readBytes(from: pipe.readEnd, max: 4096) }
            #expect(String(decoding: rest, as: UTF8.self).hasPrefix("stopped after "))
        }
    }

    @Test func `without a document it says how it is used, and of a wrong one what is wrong`() async throws {
        let empty = try await BuiltExamples.run("RegistryService")
        #expect(empty.status == .code(2) && empty.output.hasPrefix("usage: RegistryService DOCUMENT"))
        let missing = try await BuiltExamples.run("RegistryService", "/nonexistent.yaml")
        #expect(missing.status == .code(1) && missing.output.contains("file \"/nonexistent.yaml\" does not exist"))
    }
}
