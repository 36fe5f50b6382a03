import Foundation

/// A program in a process of its own, whose output goes to files so that it never waits for a reader.
struct Command: Sendable {
    /// What ended.
    struct Ending: Sendable {
        let status: Int32
        let output: String
        let errors: String
        let isTimedOut: Bool
    }

    let words: [String]
    var environment: [String: String] = [:]
    let scratch: Scratch

    /// Time after which a client counts as stuck.
    private static let secondsMax = 900

    /// Runs to the end; cancellation ends the program.
    func run() async throws -> Ending {
        let files = (output: "\(scratch.path)/output", errors: "\(scratch.path)/errors")
        let process = try process(output: files.output, errors: files.errors)
        let limit = Task {
            try await Task.sleep(for: .seconds(Self.secondsMax))
            process.end()
            return true
        }
        defer { limit.cancel() }
        try await withTaskCancellationHandler {
            try await Self.finish(process)
        } onCancel: {
            process.end()
        }
        try Task.checkCancellation()
        limit.cancel()
        let isSignal = process.terminationReason == .uncaughtSignal
        return Ending(
            status: isSignal ? -process.terminationStatus : process.terminationStatus, output: Self.text(files.output),
            errors: Self.text(files.errors), isTimedOut: (try? await limit.value) ?? false)
    }

    /// Runs to the end and returns the first line that it printed; nil where it failed or is not there.
    func firstLine() async -> String? {
        guard let ending = try? await run(), ending.status == 0 else { return nil }
        return ending.output.split(separator: "\n").first.map(String.init)
    }

    private func process(output: String, errors: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.emptyFile(output)
        process.standardError = try Self.emptyFile(errors)
        return process
    }

    private static func finish(_ process: Process) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
            if Task.isCancelled { process.end() }
        }
    }

    private static func emptyFile(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data(), as: UTF8.self)
    }
}

extension Process {
    /// Ends the process at once, if it runs; a client has nothing to tidy up.
    func end() {
        if isRunning { kill(processIdentifier, SIGKILL) }
    }
}
