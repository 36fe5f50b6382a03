import Glibc
import PostgresTestSupport

/// What lay in this process's heaps and stacks at one moment, kept in a file: searched later, for what must not have
/// been there then.
struct ProcessMemory {
    private let path: String
    private static let pieceBytes = 1 << 20

    /// Copies the memory into a new file, except for pieces that are all zero.
    init(writingTo path: String) throws {
        self.path = path
        let memory = unsafe open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard memory >= 0, file >= 0 else { throw Failure(code: errno) }
        defer {
            close(memory)
            close(file)
        }
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        for range in try Self.writableRanges() {
            for start in stride(from: range.lowerBound, to: range.upperBound, by: piece.count) {
                let wanted = min(piece.count, range.upperBound - start)
                let count = unsafe pread(memory, &piece, wanted, start)
                // The heap may have shrunk since the list was read.
                guard count > 0, !Self.isZero(piece, count) else { continue }
                guard unsafe Glibc.write(file, piece, count) == count else { throw Failure(code: errno) }
            }
        }
    }

    /// Says which of the patterns lie in it. Ones that cross two pieces of memory are found where these are neighbours.
    func finds(_ patterns: [[UInt8]]) throws -> [Bool] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(code: errno) }
        defer { close(file) }
        let overlap = (patterns.map(\.count).max() ?? 1) - 1
        var found = patterns.map { _ in false }
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes + overlap)
        var offset = 0
        while true {
            let count = unsafe pread(file, &piece, piece.count, offset)
            guard count > 0 else { return found }
            for (index, pattern) in patterns.enumerated() where !found[index] {
                found[index] = Self.contains(pattern, piece, count)
            }
            offset += Self.pieceBytes
        }
    }

    /// The first byte is zero, and each is as the one before it.
    private static func isZero(_ piece: [UInt8], _ count: Int) -> Bool {
        unsafe piece.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, unsafe bytes[0] == 0 else { return false }
            return unsafe memcmp(start, start.advanced(by: 1), count - 1) == 0
        }
    }

    /// Looks for the pattern from one place of its first byte to the next.
    private static func contains(_ pattern: [UInt8], _ piece: [UInt8], _ count: Int) -> Bool {
        unsafe piece.withUnsafeBytes { bytes in
            var start = 0
            while start + pattern.count <= count {
                let rest = unsafe bytes.baseAddress?.advanced(by: start)
                guard let here = unsafe rest.flatMap({ unsafe memchr($0, Int32(pattern[0]), count - start) }) else {
                    return false
                }
                start = unsafe UnsafeRawPointer(here) - (bytes.baseAddress ?? UnsafeRawPointer(here))
                guard start + pattern.count <= count else { return false }
                if unsafe memcmp(here, pattern, pattern.count) == 0 { return true }
                start += 1
            }
            return false
        }
    }

    private struct Failure: Error {
        let code: Int32
    }

    private static func writableRanges() throws -> [Range<Int>] {
        guard let file = unsafe fopen("/proc/self/maps", "r") else { throw Failure(code: errno) }
        defer { unsafe fclose(file) }
        var ranges: [Range<Int>] = []
        var line = [CChar](repeating: 0, count: 4096)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let fields = text.split(separator: " ")
            let ends = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
            // Memory of a file, which has an inode, holds the variables of a library and no buffers.
            guard ends.count == 2, fields[1].hasPrefix("rw"), fields[4] == "0" || fields[4] == "0\n" else { continue }
            ranges.append(ends[0]..<ends[1])
        }
        return ranges
    }
}
