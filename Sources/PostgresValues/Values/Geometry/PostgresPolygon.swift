import PostgresWire

/// A `polygon`: an area by its corners.
public struct PostgresPolygon: Hashable, Sendable {
    /// The corners; the server wants one at least.
    public var points: [PostgresPoint]

    /// Creates a polygon.
    public init(points: [PostgresPoint]) {
        self.points = points
    }
}

extension PostgresPolygon: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The corners in parentheses, such as `((0,0),(1,1),(1,0))`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard reader.skip("("), let points = reader.points(), reader.skip(")") else { return nil }
        self.init(points: points)
    }

    func write(to text: inout [UInt8]) {
        text.append(UInt8(ascii: "("))
        text.append(points: points)
        text.append(UInt8(ascii: ")"))
    }
}

extension PostgresPolygon: GeometricValue {
    /// Decodes a `polygon`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `polygon`
    public static var postgresType: PostgresType { .polygon }

    init?(reading reader: inout BinaryReader) {
        guard let points = reader.points(), !points.isEmpty else { return nil }
        self.init(points: points)
    }

    /// Appends the count and the corners.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(counted: points)
    }
}
