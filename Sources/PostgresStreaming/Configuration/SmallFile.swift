import Glibc

/// A regular file of settings, read whole.
package struct SmallFile {
    /// Why a file could not be read.
    package enum Failure: Error {
        case missing
        case notRegular
        case tooLong
        case unreadable(Int32)
    }

    /// All of it.
    package let bytes: [UInt8]
    /// Whether others than its owner have access to it.
    package let isOpenToOthers: Bool

    private static let bytesMax = 1 << 20

    /// Reads a file of a megabyte at most. Never waits: what is no regular file, such as a pipe, is refused.
    package init(path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missing }
            throw .unreadable(errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        isOpenToOthers = status.st_mode & (S_IRWXG | S_IRWXO) != 0
        bytes = try Self.read(descriptor)
    }

    private static func read(_ descriptor: Int32) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .unreadable(errno)
            }
            bytes += piece[..<count]
            guard bytes.count <= bytesMax else { throw .tooLong }
        }
    }

    /// The lines without their ends.
    var lines: [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
}

extension SmallFile.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "does not exist"
        case .notRegular: "is not a plain file"
        case .tooLong: "is longer than a megabyte"
        case .unreadable(let code): "cannot be read: \(PostgresError.text(code))"
        }
    }
}
