import PostgresWire

/// An `lseg`: the part of a line between two points.
public struct PostgresLineSegment: Hashable, Sendable {
    /// One end.
    public var start: PostgresPoint
    /// The other end.
    public var end: PostgresPoint

    /// Creates a segment.
    public init(start: PostgresPoint, end: PostgresPoint) {
        self.start = start
        self.end = end
    }
}

extension PostgresLineSegment: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Two points in brackets, such as `[(0,0),(1,1)]`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard reader.skip("["), let start = PostgresPoint(reading: &reader), reader.skip(","),
            let end = PostgresPoint(reading: &reader), reader.skip("]")
        else { return nil }
        self.init(start: start, end: end)
    }

    func write(to text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        text.append(points: [start, end])
        text.append(UInt8(ascii: "]"))
    }
}

extension PostgresLineSegment: GeometricValue {
    /// Decodes a `lseg`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `lseg`
    public static var postgresType: PostgresType { .lseg }

    init?(reading reader: inout BinaryReader) {
        guard let start = PostgresPoint(reading: &reader), let end = PostgresPoint(reading: &reader) else { return nil }
        self.init(start: start, end: end)
    }

    /// Appends the two points.
    public func encode(into bytes: inout [UInt8]) {
        start.encode(into: &bytes)
        end.encode(into: &bytes)
    }
}
