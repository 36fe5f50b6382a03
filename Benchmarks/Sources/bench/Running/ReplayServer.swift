import Foundation

/// The program `replay`: records an answer of the real server and serves it from memory on a Unix socket.
///
/// It ends when its standard input is closed, so it goes with this process however that ends.
struct ReplayServer: Sendable {
    let url: String
    private let process: Process
    private let input: Pipe

    /// The port is only a part of the socket's name.
    private static let port = 5432

    /// Starts it and waits until it has recorded the answer.
    static func start(_ comparison: Comparison, url: String, _ programs: Programs, _ scratch: Scratch) async throws
        -> ReplayServer
    {
        let path = "\(programs.folder)/replay"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Programs.Absence(reason: "the replay server is not built")
        }
        let socket = "\(scratch.path)/.s.PGSQL.\(port)"
        try? FileManager.default.removeItem(atPath: socket)
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--url", url, "--sql", comparison.sql, "--listen", socket]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let reader = output.fileHandleForReading
        let word = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: reader.availableData) }
            }
        } onCancel: {
            process.end()
        }
        guard String(decoding: word, as: UTF8.self).hasPrefix("ready") else {
            process.end()
            try Task.checkCancellation()
            throw Programs.Absence(reason: "the replay server did not start")
        }
        let folder = scratch.path.replacing("/", with: "%2F")
        return ReplayServer(
            url: "postgres://postgres@/postgres?host=\(folder)&port=\(port)", process: process, input: input)
    }

    /// Ends it and gives back its memory.
    func stop() {
        try? input.fileHandleForWriting.close()
        process.end()
        process.waitUntilExit()
    }
}
