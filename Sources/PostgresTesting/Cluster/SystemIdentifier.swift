import Glibc

/// The number by which servers of a replication know each other (manual: `pg_control_system`).
///
/// `initdb` makes one up; a copied data directory gets its own. It stands at the beginning of `pg_control`, which a
/// checksum ends, and in the first page of every file of the write-ahead log.
enum SystemIdentifier {
    /// `pg_control` is a structure of some 300 bytes, in a file of 8 KiB.
    private static let controlBytesMax = 1024
    private static let checksumOffsetMin = 64
    private static let controlFileBytes = 8192
    private static let logPageOffset = 24

    /// Gives a data directory an identifier of its own. The server was shut down, or has never run.
    static func renew(in data: String) throws(PostgresServerError) {
        let file = "\(data)/global/pg_control"
        var control = readFile(file)
        guard control.count == controlFileBytes, let offset = checksumOffset(control) else {
            throw PostgresServerError(.initializationFailed, "cannot read the server's control file")
        }
        for index in 0..<4 { control[index] = UInt8.random(in: 0...255) }
        control.replaceSubrange(offset..<offset + 4, with: bytes(of: checksum(control[..<offset])))
        try write(control[...], to: file, at: 0)
        let log = "\(data)/pg_wal"
        for name in directoryEntries(log) where name.count == 24 && name.allSatisfy(\.isHexDigit) {
            try write(control[..<8], to: "\(log)/\(name)", at: logPageOffset)
        }
    }

    /// Where the checksum of the bytes before it stands. Versions differ in the place alone.
    private static func checksumOffset(_ control: [UInt8]) -> Int? {
        var state = checksumStart
        for offset in 0..<controlBytesMax {
            if offset >= checksumOffsetMin, offset % 4 == 0,
                control[offset..<offset + 4].elementsEqual(bytes(of: ~state))
            {
                return offset
            }
            add(control[offset], to: &state)
        }
        return nil
    }

    private static let checksumStart = UInt32.max

    /// CRC-32C, the polynomial of Castagnoli with its bits reversed.
    private static func add(_ byte: UInt8, to state: inout UInt32) {
        state ^= UInt32(byte)
        for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0x82f6_3b78 : state >> 1 }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var state = checksumStart
        for byte in bytes { add(byte, to: &state) }
        return ~state
    }

    /// As the server writes a number: in the order of its processor, which is ours.
    private static func bytes(of number: UInt32) -> [UInt8] { unsafe withUnsafeBytes(of: number) { unsafe Array($0) } }

    private static func readFile(_ path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return readBytes(from: descriptor, max: controlFileBytes)
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to path: String, at offset: Int) throws(PostgresServerError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw PostgresServerError(.system, "could not open \(path): \(errorText(errno))")
        }
        defer { close(descriptor) }
        let count = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
        guard count == bytes.count else {
            throw PostgresServerError(.system, "could not write \(path): \(errorText(errno))")
        }
    }
}
