import PostgresWire

/// A `point`: two coordinates.
public struct PostgresPoint: Hashable, Sendable {
    /// The first coordinate.
    public var x: Double
    /// The second coordinate.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

extension PostgresPoint: TextForm, PostgresTextConvertible {
    /// Reads two numbers in parentheses.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Two numbers in parentheses, such as `(1,2.5)`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard reader.skip("("), let x = reader.double(), reader.skip(","), let y = reader.double(), reader.skip(")")
        else { return nil }
        self.init(x: x, y: y)
    }

    func write(to text: inout [UInt8]) {
        text.append(UInt8(ascii: "("))
        text.append(float: x)
        text.append(UInt8(ascii: ","))
        text.append(float: y)
        text.append(UInt8(ascii: ")"))
    }
}

extension PostgresPoint: GeometricValue {
    /// Decodes a `point`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `point`
    public static var postgresType: PostgresType { .point }

    init?(reading reader: inout BinaryReader) {
        guard let x = reader.double(), let y = reader.double() else { return nil }
        self.init(x: x, y: y)
    }

    /// Appends sixteen bytes.
    public func encode(into bytes: inout [UInt8]) {
        x.encode(into: &bytes)
        y.encode(into: &bytes)
    }
}
