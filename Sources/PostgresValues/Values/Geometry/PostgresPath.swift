import PostgresWire

/// A `path`: points that are joined by lines, closed or open.
public struct PostgresPath: Hashable, Sendable {
    /// The points; the server wants one at least.
    public var points: [PostgresPoint]
    /// Whether the last point is joined with the first.
    public var isClosed: Bool

    /// Creates a path.
    public init(points: [PostgresPoint], isClosed: Bool) {
        self.points = points
        self.isClosed = isClosed
    }
}

extension PostgresPath: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The points in parentheses where it is closed, else in brackets, such as `[(0,0),(1,1)]`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        let isClosed = reader.skip("(")
        guard isClosed || reader.skip("["), let points = reader.points(), reader.skip(isClosed ? ")" : "]") else {
            return nil
        }
        self.init(points: points, isClosed: isClosed)
    }

    func write(to text: inout [UInt8]) {
        text.append(UInt8(ascii: isClosed ? "(" : "["))
        text.append(points: points)
        text.append(UInt8(ascii: isClosed ? ")" : "]"))
    }
}

extension PostgresPath: GeometricValue {
    /// Decodes a `path`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `path`
    public static var postgresType: PostgresType { .path }

    init?(reading reader: inout BinaryReader) {
        guard let flag = reader.integer(UInt8.self), flag <= 1, let points = reader.points(), !points.isEmpty else {
            return nil
        }
        self.init(points: points, isClosed: flag == 1)
    }

    /// Appends whether it is closed, the count and the points.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(isClosed ? 1 : 0)
        bytes.append(counted: points)
    }
}
