public import PostgresWire

/// Reads the elements of one array, in the order that Postgres keeps them: the last dimension runs fastest.
///
/// It borrows the cell and cannot be kept. A decoder of a whole array asks `list` once for every dimension.
@frozen
public struct PostgresArrayElements: ~Escapable {
    /// The most dimensions of an array (Postgres's own limit).
    public static let dimensionsMax = 6

    /// One length and its bytes after the other, as in the binary form; text is brought into this form too.
    @usableFromInline let bytes: RawSpan
    @usableFromInline let elementType: ColumnType
    @usableFromInline let shape: PostgresArrayShape
    /// `0 <= offset <= bytes.byteCount`
    @usableFromInline var offset: Int
    /// How many lists are open: `0 <= depth <= shape.count`
    @usableFromInline var depth = 0

    @usableFromInline
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, offset: Int, elementType: ColumnType, shape: PostgresArrayShape) {
        self.bytes = bytes
        self.offset = offset
        self.elementType = elementType
        self.shape = shape
    }

    /// The type of the elements.
    public var type: PostgresType { PostgresType(rawValue: elementType.typeOID) }

    /// Reads the elements of the next dimension, each as `body` does; an empty array has no element in any.
    ///
    /// - Throws: `typeMismatch` where the array has no further dimension, and what `body` throws.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func list<Element>(
        _ body: (inout PostgresArrayElements) throws(PostgresError) -> Element
    ) throws(PostgresError) -> [Element] {
        guard shape.count > 0 else { return [] }
        guard depth < shape.count else { throw wrongShape([Element].self) }
        let count = shape.elementCount(depth)
        depth += 1
        var list: [Element] = []
        // Every element has a length in the bytes that are here: the count cannot promise more than came.
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try body(&self)) }
        depth -= 1
        return list
    }

    /// Reads one element.
    ///
    /// - Throws: `typeMismatch` within too few lists, `valueMalformed` behind the last element, and what the decoder
    ///   throws.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value
    {
        guard depth == shape.count else { throw wrongShape(Value.self) }
        let first = offset &+ 4
        guard first <= bytes.byteCount else { throw malformed() }
        let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
        guard length >= 0 else {
            guard length == -1 else { throw malformed() }
            offset = first
            return try Value.decodeNull()
        }
        guard length <= bytes.byteCount &- first else { throw malformed() }
        offset = first &+ length
        let type = elementType.typeOID == 0 ? Self.naturalType(of: Value.self) : elementType
        return try Value(cell: PostgresCell(bytes.extracting(first..<offset), type))
    }

    /// Checks that `Value` decodes elements of this type.
    @usableFromInline
    func checkType<Value: PostgresDecodable>(_ value: Value.Type) throws(PostgresError) {
        let type = elementType.typeOID == 0 ? Self.naturalType(of: Value.self) : elementType
        try PostgresCell(bytes.extracting(0..<0), type).checkType(Value.self)
    }

    /// The type to read elements as of which the text form does not say what they are: those of an array whose type is not
    /// built in.
    @usableFromInline
    static func naturalType<Value: PostgresDecodable>(of value: Value.Type) -> ColumnType {
        ColumnType(typeOID: Value.naturalType.rawValue, format: .text)
    }

    /// Checks that nothing is left behind the last element.
    @inlinable
    func finish() throws(PostgresError) {
        guard offset == bytes.byteCount else { throw malformed() }
    }

    @usableFromInline
    @inline(never)
    func malformed() -> PostgresError {
        let size = "\(bytes.byteCount) bytes that are no such value"
        return PostgresError(.valueMalformed, "cannot decode an array of \(type): \(size)")
    }

    @usableFromInline
    @inline(never)
    func wrongShape<Value>(_ value: Value.Type) -> PostgresError {
        let dimensions = shape.count == 1 ? "1 dimension" : "\(shape.count) dimensions"
        return PostgresError(
            .typeMismatch, "cannot decode an array of \(type) with \(dimensions) into \(Value.self) at depth \(depth)")
    }
}

extension PostgresArrayElements {
    /// Reads a whole array from a cell with `body`, which has to read every element.
    ///
    /// - Throws: `typeMismatch` for a cell that is no array, `valueMalformed` for bytes that are none, what `body` throws.
    @inlinable
    static func read<Value>(
        _ cell: borrowing PostgresCell, for value: Value.Type,
        _ body: (inout PostgresArrayElements) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        guard cell.format == .binary else { return try readText(cell, for: value, body) }
        var elements = try PostgresArrayElements(binary: cell, for: value)
        let value = try body(&elements)
        try elements.finish()
        return value
    }

    @usableFromInline
    static func readText<Value>(
        _ cell: borrowing PostgresCell, for value: Value.Type,
        _ body: (inout PostgresArrayElements) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        let elementType = cell.type.elementType ?? .unspecified
        // Types that users define may be arrays; their text shows it.
        guard cell.type.elementType != nil || !cell.type.isBuiltIn || cell.type == .anyarray else {
            throw cell.typeMismatch(Value.self)
        }
        guard let text = PostgresArrayText(cell.bytes, of: cell.type) else { throw cell.malformed(Value.self) }
        var elements = PostgresArrayElements(
            text.cells.rawSpan, offset: 0, elementType: ColumnType(typeOID: elementType.rawValue, format: .text),
            shape: text.shape)
        let value = try body(&elements)
        try elements.finish()
        return value
    }

    /// Reads the header of the binary form: dimensions, a flag for NULLs, the elements' type, and for each dimension its
    /// count and lower bound (`array_send` in the server).
    @usableFromInline
    @_lifetime(copy cell)
    init<Value>(binary cell: borrowing PostgresCell, for value: Value.Type) throws(PostgresError) {
        let declared = cell.type.elementType
        guard declared != nil || !cell.type.isBuiltIn || cell.type == .anyarray else {
            throw cell.typeMismatch(Value.self)
        }
        let bytes = cell.bytes
        guard bytes.byteCount >= 12 else { throw Self.noArray(cell, Value.self) }
        let count = Int(bytes.bigEndian(at: 0, as: Int32.self))
        let flags = bytes.bigEndian(at: 4, as: Int32.self)
        let elementType = PostgresType(rawValue: bytes.bigEndian(at: 8))
        let start = 12 + 8 * count
        guard (0...Self.dimensionsMax).contains(count), flags == 0 || flags == 1, start <= bytes.byteCount,
            elementType == declared ?? elementType, elementType != .unspecified
        else { throw Self.noArray(cell, Value.self) }
        var shape = PostgresArrayShape()
        for index in 0..<count {
            shape.append(
                count: bytes.bigEndian(at: 12 + 8 * index), lowerBound: bytes.bigEndian(at: 16 + 8 * index))
        }
        guard shape.isWithin(bytes.byteCount - start) else { throw Self.noArray(cell, Value.self) }
        self.init(
            bytes, offset: start, elementType: ColumnType(typeOID: elementType.rawValue, format: .binary), shape: shape)
    }

    /// Returns the error for bytes that are no array. A type of the database's own may be anything, so that what does not
    /// begin as an array is of a type that is none; no bytes at all are a question about the type alone.
    private static func noArray<Value>(_ cell: borrowing PostgresCell, _ value: Value.Type) -> PostgresError {
        let mayBeArray = cell.type.isBuiltIn || cell.bytes.byteCount == 0
        return mayBeArray ? cell.malformed(Value.self) : cell.typeMismatch(Value.self)
    }
}
