import PostgresWire

/// What a reader of copied data has come to.
public enum CopyProgress: Hashable, Sendable {
    /// The next record is complete: it is the reader's `record` until it is asked for another.
    case record
    /// The bytes are used up; more of them go on where these ended.
    case more
    /// The data is over. Bytes that follow are ignored.
    case end
}

/// A reader of copied data, which may be cut anywhere.
package protocol CopyReader {
    /// Reads on from `offset`, which moves past what was read.
    mutating func next(in bytes: RawSpan, at offset: inout Int) throws(PostgresError) -> CopyProgress
    /// Says that there is no more data.
    mutating func finish() throws(PostgresError) -> CopyProgress
    /// The record that was read last.
    var record: CopyRecord { @_lifetime(borrow self) get }
}

/// What a reader of copied data is told besides the options of its format.
public struct CopyReaderLimits: Hashable, Sendable {
    /// The number of fields of each record, where it is known: a record with another is an error.
    public var columnCount: Int?
    /// The most bytes that one record may take, 16 for each of its fields among them; 64 MiB unless said otherwise.
    public var recordBytesMax: Int

    /// Creates the limits.
    public init(columnCount: Int? = nil, recordBytesMax: Int = 64 << 20) {
        self.columnCount = columnCount
        self.recordBytesMax = recordBytesMax
    }
}

extension PostgresError {
    /// The error for data that is not laid out as its format says. It names the place and never what stands there.
    @inline(never)
    static func copyMalformed(_ place: String, _ problem: String, hint: String? = nil) -> PostgresError {
        PostgresError(.valueMalformed, "cannot read \(place) of the copy: \(problem)", hint: hint)
    }

    /// The error for a record that is longer than its reader allows.
    @inline(never)
    static func copyTooLarge(_ place: String, _ bytesMax: Int) -> PostgresError {
        PostgresError(
            .resultTooLarge, "cannot read \(place) of the copy: it takes more than \(bytesMax) bytes",
            hint: "Raise CopyReaderLimits.recordBytesMax if that is expected.")
    }
}
