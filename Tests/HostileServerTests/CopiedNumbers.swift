import PostgresTestSupport

/// The rows 1 and 2 as COPY sends them.
enum CopiedNumbers {
    /// What the data of the binary format begins with.
    static let header = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + BackendBytes.int32(0) + BackendBytes.int32(0)
    /// What the data of the binary format ends with.
    static let trailer = BackendBytes.int16(-1)

    /// A row of the binary format.
    static func tuple(_ number: Int64) -> [UInt8] {
        BackendBytes.int16(1) + BackendBytes.int32(8) + BackendBytes.int64(number)
    }

    /// All messages of data.
    static func data(isBinary: Bool) -> [UInt8] {
        let pieces =
            isBinary ? [header + tuple(1), tuple(2), trailer] : [Array("1\n".utf8), Array("2\n".utf8)]
        return pieces.flatMap { BackendBytes().message("d", $0).bytes }
    }
}
