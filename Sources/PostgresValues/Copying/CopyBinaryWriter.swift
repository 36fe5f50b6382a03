import PostgresWire

/// Writes the binary format of COPY (manual: COPY, "Binary Format"): a header, rows, and a trailer.
///
/// ```swift
/// var bytes: [UInt8] = []
/// CopyBinaryWriter.appendHeader(to: &bytes)
/// try CopyBinaryWriter.append([[0, 0, 0, 42], nil], to: &bytes)
/// CopyBinaryWriter.appendTrailer(to: &bytes)
/// ```
public enum CopyBinaryWriter {
    /// The most columns of a row, whose count is 16 bits wide.
    public static let columnsMax = Int(Int16.max)

    /// Appends the signature, flags without any set, and an empty extension.
    public static func appendHeader(to bytes: inout [UInt8]) {
        bytes += signature
        bytes.append(bigEndian: Int32(0))
        bytes.append(bigEndian: Int32(0))
    }

    /// Appends a row of cells that are in the binary form of their types already; nil is NULL.
    ///
    /// - Throws: `parameterInvalid` for more than `columnsMax` cells, or a cell longer than any that the format has.
    public static func append(_ cells: [[UInt8]?], to bytes: inout [UInt8]) throws(PostgresError) {
        guard cells.count <= columnsMax else {
            throw PostgresError(.parameterInvalid, "cannot encode a row of \(cells.count) columns")
        }
        for case .some(let cell) in cells { _ = try length(of: cell.count) }
        bytes.append(bigEndian: Int16(cells.count))
        for cell in cells {
            guard let cell else {
                bytes.append(bigEndian: Int32(-1))
                continue
            }
            bytes.append(bigEndian: Int32(cell.count))
            bytes += cell
        }
    }

    /// Appends what ends the data.
    public static func appendTrailer(to bytes: inout [UInt8]) { bytes.append(bigEndian: Int16(-1)) }

    /// `PGCOPY`, and bytes that a transfer would change that is not meant for binary data.
    static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

    /// Returns a number of bytes as a cell's length.
    static func length(of byteCount: Int) throws(PostgresError) -> Int32 {
        guard let length = Int32(exactly: byteCount) else {
            throw PostgresError(.parameterInvalid, "cannot encode a value of \(byteCount) bytes")
        }
        return length
    }
}
