import Glibc

/// The bytes of a file, a piece at a time.
struct FilePieces: AsyncSequence, AsyncIteratorProtocol {
    private let file: UnsafeMutablePointer<FILE>

    struct Unreadable: Error {}

    init(path: String) throws {
        guard let file = unsafe fopen(path, "r") else { throw Unreadable() }
        unsafe self.file = file
    }

    func makeAsyncIterator() -> FilePieces { self }

    /// The next piece.
    mutating func next() async throws -> [UInt8]? {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            count = unsafe fread(buffer.baseAddress, 1, buffer.count, file)
        }
        if bytes.isEmpty { unsafe fclose(file) }
        return bytes.isEmpty ? nil : bytes
    }
}
