import Glibc

/// The bytes of a file, a piece at a time.
final class FilePieces: AsyncSequence, AsyncIteratorProtocol {
    private let descriptor: Int32

    struct Unreadable: Error {}

    init(path: String) throws {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable() }
    }

    deinit { close(descriptor) }

    func makeAsyncIterator() -> FilePieces { self }

    /// The next piece; nil at the end.
    func next() async throws -> [UInt8]? {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
            count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
            filled = Swift.max(count, 0)
        }
        guard count >= 0 else { throw Unreadable() }
        return count == 0 ? nil : bytes
    }
}
