import Foundation
import PostgresStreaming
import PostgresTestSupport
import Testing

/// COPY from files and pipes, and to them.
@Suite(.timeLimit(.minutes(1))) struct CopyFileTests {
    /// A directory that goes with what refers to it.
    private final class Directory {
        let path = FileManager.default.temporaryDirectory.path + "/copy-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let data = "COPY (SELECT n, repeat('x', 50) FROM generate_series(1, 50000) n) TO STDOUT"

    @Test(arguments: LiveServer.allCases)
    func `what is written to a file goes in again`(_ live: LiveServer) async throws {
        let directory = try Directory()
        let path = directory.path + "/data"
        let connection = try await live.connect()
        var told = 0
        let count = try await connection.copyOut("\(unsafeSQL: Self.data)").write(toFile: path) { told = $0.bytes }
        #expect(count == told)
        #expect(try Data(contentsOf: URL(filePath: path)).count == count)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["data"])
        try await connection.execute("CREATE TEMPORARY TABLE target (n int, x text)")
        let result = try await connection.copyIn("COPY target FROM STDIN") { writer in
            try await writer.write(contentsOfFile: path)
        }
        #expect(result.rowCount == 50_000)
        #expect(result.sentBytes == count)
    }

    @Test(arguments: LiveServer.allCases)
    func `an export that fails leaves what was there`(_ live: LiveServer) async throws {
        let directory = try Directory()
        let path = directory.path + "/data"
        try Data("before".utf8).write(to: URL(filePath: path))
        let connection = try await live.connect()
        let error = await failure {
            try await connection.copyOut("COPY (SELECT 1 / (9000 - n) FROM generate_series(1, 9000) n) TO STDOUT")
                .write(toFile: path)
        }
        #expect(error?.sqlState == .divisionByZero)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("before".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["data"])
        let place = await failure {
            try await connection.copyOut("\(unsafeSQL: Self.data)").write(toFile: directory.path + "/none/data")
        }
        #expect(place?.code == .fileFailed)
        #expect(place?.message == "cannot make the file: no such file or directory")
        let full = await failure { try await connection.copyOut("\(unsafeSQL: Self.data)").write(toFile: "/dev/full") }
        #expect(full?.code == .fileFailed)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a file that cannot be read undoes the COPY`(_ live: LiveServer) async throws {
        let directory = try Directory()
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (n int, x text)")
        for path in ["/none", ""] {
            let error = await failure {
                try await connection.copyIn("COPY target FROM STDIN") { writer in
                    try await writer.write("1\tx\n")
                    try await writer.write(contentsOfFile: directory.path + path)
                }
            }
            #expect(error?.code == .fileFailed)
            #expect(error?.isConnectionUsable == true)
        }
        #expect(try await connection.query("SELECT count(*) FROM target").only().decode(Int.self) == 0)
    }

    @Test func `data goes through a pipe, and a wait for one ends with its task`() async throws {
        let pipe = Pipe()
        let task = Task {
            let connection = try await LiveServer.postgres15.connect()
            try await connection.execute("CREATE TEMPORARY TABLE target (n int)")
            let descriptor = pipe.fileHandleForReading.fileDescriptor
            return await failure {
                try await connection.copyIn("COPY target FROM STDIN") { writer in
                    try await writer.write(contentsOfDescriptor: descriptor) { progress in
                        // What was written arrives; nothing more ever will.
                        if progress.bytes == 4 { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
                    }
                }
            }
        }
        let connection = try await LiveServer.postgres15.connect()
        try await connection.copyOut("COPY (VALUES (1), (2)) TO STDOUT")
            .write(toDescriptor: pipe.fileHandleForWriting.fileDescriptor)
        #expect(try await task.value?.code == .cancelled)
    }
}
