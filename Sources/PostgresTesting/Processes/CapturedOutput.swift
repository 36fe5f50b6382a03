import CProcessSpawn
import Glibc

/// A pipe whose ends no child process inherits by accident.
package struct Pipe: Sendable {
    /// The descriptor that bytes are read from.
    package let readEnd: Int32
    /// The descriptor that bytes are written to.
    package let writeEnd: Int32

    /// Creates a pipe; both ends are closed in a child process.
    package init() throws(PostgresServerError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else {
            throw PostgresServerError(.system, "could not create a pipe: \(errorText(errno))")
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }
}

extension ChildProcess {
    /// Most bytes that are kept of a command's output.
    private static let outputBytesMax = 1 << 20

    /// Runs a short command to its end and returns what it wrote, standard error included.
    package static func capture(
        _ command: [String], secondsMax: Int = 30
    ) async throws(PostgresServerError) -> (status: ExitStatus, output: String) {
        let pipe = try Pipe()
        let reading = Task {
            await onDedicatedThread { [readEnd = pipe.readEnd] in
                defer { close(readEnd) }
                return readBytes(from: readEnd, max: outputBytesMax)
            }
        }
        let result: (status: ExitStatus, isTimedOut: Bool)
        do throws(PostgresServerError) {
            let child = try await start(ProcessLaunch(command, output: .descriptor(pipe.writeEnd)))
            close(pipe.writeEnd)
            result = await child.exit(secondsMax: secondsMax)
        } catch {
            close(pipe.writeEnd)
            _ = await reading.value
            throw error
        }
        return (result.status, String(decoding: await reading.value, as: UTF8.self))
    }
}
