import Glibc
import PostgresTransport
import PostgresWire
import Synchronization

/// An open file, pipe or terminal that the data of a COPY comes from or goes to.
///
/// Reading and writing may wait for a disk or for another program, so each piece is a thread's work and not that of the
/// caller's thread. A wait for a pipe ends soon after its task is cancelled.
package final class CopyFile: Sendable {
    private let descriptor: Int32
    private let isOwned: Bool
    private let isGivenUp = Atomic<Bool>(false)

    /// Uses a descriptor that the caller opened and closes.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
        isOwned = false
    }

    /// Opens a file.
    ///
    /// - Throws: `fileFailed`.
    init(path: String, _ flags: Int32, _ doing: String) throws(PostgresError) {
        descriptor = unsafe open(path, flags | O_CLOEXEC, 0o666)
        isOwned = true
        guard descriptor >= 0 else { throw .file(doing, errno) }
    }

    /// Opens a file to be read.
    ///
    /// - Throws: `fileFailed`.
    package static func reading(_ path: String) throws(PostgresError) -> CopyFile {
        try CopyFile(path: path, O_RDONLY, "cannot open the file")
    }

    deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

    /// How much is read and written at a time.
    package static var pieceBytes: Int { 256 << 10 }
    /// After so long a wait for a pipe looks whether its task was cancelled.
    private static var lookMilliseconds: Int32 { 100 }

    /// Reads the next piece; empty at the end.
    ///
    /// - Throws: `fileFailed`, `cancelled`.
    package nonisolated(nonsending) func read() async throws(PostgresError) -> [UInt8] {
        try await work { file in file.readNow() }
    }

    /// Writes all of the bytes.
    ///
    /// - Throws: `fileFailed`, `cancelled`.
    package nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws(PostgresError) {
        _ = try await work { file in file.writeNow(bytes) }
    }

    /// Has everything that was written reach the disk.
    ///
    /// - Throws: `fileFailed`, `cancelled`.
    nonisolated(nonsending) func synchronize() async throws(PostgresError) {
        _ = try await work { file in
            fsync(file.descriptor) == 0 ? .success([]) : .failure(.file("cannot write the file to the disk", errno))
        }
    }

    private nonisolated(nonsending) func work(
        _ body: @escaping @Sendable (CopyFile) -> Result<[UInt8], PostgresError>
    ) async throws(PostgresError) -> [UInt8] {
        let result: Result<[UInt8], PostgresError>
        do throws(TransportError) {
            result = try await BlockingWork.run(on: EventLoops.first()) { body(self) }
        } catch {
            isGivenUp.store(true, ordering: .releasing)
            throw PostgresError(lost: error)
        }
        return try result.get()
    }

    /// Waits for a pipe; false once the file was given up.
    private func isReady(for events: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while !isGivenUp.load(ordering: .acquiring) {
            if unsafe poll(&entry, 1, Self.lookMilliseconds) != 0 { return true }
        }
        return false
    }

    private func readNow() -> Result<[UInt8], PostgresError> {
        while isReady(for: POLLIN) {
            var code: Int32 = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
                let read = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                code = read < 0 ? errno : 0
                count = max(read, 0)
            }
            guard code == EINTR || code == EAGAIN else {
                return code == 0 ? .success(bytes) : .failure(.file("cannot read the file", code))
            }
        }
        return .failure(PostgresError(lost: .cancelled))
    }

    private func writeNow(_ bytes: [UInt8]) -> Result<[UInt8], PostgresError> {
        var position = 0
        while position < bytes.count {
            guard isReady(for: POLLOUT) else { return .failure(PostgresError(lost: .cancelled)) }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress! + position, buffer.count - position)
            }
            if count < 0, errno != EINTR, errno != EAGAIN { return .failure(.file("cannot write the file", errno)) }
            position += max(count, 0)
        }
        return .success([])
    }
}

extension PostgresError {
    /// Says which call on a file failed; never with its path, which may be a secret of its own.
    static func file(_ doing: String, _ code: Int32) -> PostgresError {
        PostgresError(.fileFailed, "\(doing): \(text(code))")
    }
}
