import PostgresWire

/// One record of copied data: its fields where they lie in the reader. It borrows the reader and cannot be kept.
public struct CopyRecord: ~Escapable {
    private let data: RawSpan
    private let fields: Span<CopyFieldRange>
    private let format: PostgresCell.Format
    /// Where the record begins: the number of its line in text and CSV, of the row in binary, from 1.
    public let number: Int

    @_lifetime(borrow buffer)
    init(_ buffer: borrowing CopyRecordBuffer, format: PostgresCell.Format, number: Int) {
        data = buffer.bytes.rawSpan
        fields = buffer.fields.span
        self.format = format
        self.number = number
    }

    /// The number of fields.
    public var count: Int { fields.count }

    /// Returns the bytes of a field by its index from 0, without escapes and quotes; nil for NULL.
    @_lifetime(copy self)
    public func bytes(at index: Int) -> RawSpan? {
        let field = fields[index]
        guard !field.isNull else { return nil }
        return data.extracting(field.start..<field.end)
    }

    /// Whether a field is NULL.
    public func isNull(at index: Int) -> Bool { fields[index].isNull }

    /// Returns a field as a String; nil for NULL.
    ///
    /// - Throws: `valueMalformed` where the bytes are not UTF-8; they are never repaired.
    public func string(at index: Int) throws(PostgresError) -> String? {
        guard let bytes = bytes(at: index) else { return nil }
        guard let text = bytes.validatedString() else {
            throw PostgresError(.valueMalformed, "cannot read \(place(of: index)): it is not UTF-8")
        }
        return text
    }

    /// Decodes a field as a value of a Postgres type, in the form in which the copy has it.
    ///
    /// - Throws: what the type's decoder throws, with the place of the field.
    public func decode<Value: PostgresDecodable>(
        _ value: Value.Type = Value.self, at index: Int, as type: PostgresType
    ) throws(PostgresError) -> Value {
        do throws(PostgresError) {
            guard let bytes = bytes(at: index) else { return try Value.decodeNull() }
            return try Value(cell: PostgresCell(bytes, type: type, format: format))
        } catch {
            throw PostgresError(error, message: "\(place(of: index)): \(error.message)")
        }
    }

    private func place(of index: Int) -> String {
        "\(format == .text ? "line" : "row") \(number), field \(index + 1) of the copy"
    }
}

/// Where a field lies among the bytes of its record.
struct CopyFieldRange: BitwiseCopyable, Sendable {
    let start: Int
    /// −1 for NULL, else `start <= end`.
    let end: Int

    var isNull: Bool { end < 0 }
}

/// The bytes of one record and its fields.
struct CopyRecordBuffer: Sendable {
    /// The fields' bytes; what separates them may lie between them.
    var bytes: [UInt8] = []
    /// The fields that are complete.
    private(set) var fields: [CopyFieldRange] = []
    /// The most bytes, those that the list of fields takes among them.
    let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Whether so many more bytes and one more field are within the bound.
    func hasRoom(for byteCount: Int) -> Bool {
        byteCount <= bytesMax - bytes.count - (fields.count + 1) * MemoryLayout<CopyFieldRange>.stride
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytesMax)
        fields.removeAll(keepingCapacity: fields.capacity <= Self.keptFieldsMax)
    }

    mutating func appendField(_ start: Int, _ end: Int) { fields.append(CopyFieldRange(start: start, end: end)) }

    mutating func appendNull() { fields.append(CopyFieldRange(start: 0, end: -1)) }

    /// Memory beyond this is given back after the record that needed it.
    private static let keptBytesMax = 1 << 20
    private static let keptFieldsMax = 1 << 14
}
