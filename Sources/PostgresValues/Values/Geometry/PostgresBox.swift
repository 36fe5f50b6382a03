import PostgresWire

/// A `box`: the upper right and the lower left corner. The server puts other corners in this order.
public struct PostgresBox: Hashable, Sendable {
    /// The corner with the greater coordinates.
    public var upperRight: PostgresPoint
    /// The corner with the lesser coordinates.
    public var lowerLeft: PostgresPoint

    /// Creates a box from two corners as they are.
    public init(upperRight: PostgresPoint, lowerLeft: PostgresPoint) {
        self.upperRight = upperRight
        self.lowerLeft = lowerLeft
    }
}

extension PostgresBox: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The two corners, such as `(1,1),(0,0)`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let upperRight = PostgresPoint(reading: &reader), reader.skip(","),
            let lowerLeft = PostgresPoint(reading: &reader)
        else { return nil }
        self.init(upperRight: upperRight, lowerLeft: lowerLeft)
    }

    func write(to text: inout [UInt8]) {
        text.append(points: [upperRight, lowerLeft])
    }
}

extension PostgresBox: GeometricValue {
    /// Decodes a `box`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `box`
    public static var postgresType: PostgresType { .box }

    init?(reading reader: inout BinaryReader) {
        guard let upperRight = PostgresPoint(reading: &reader), let lowerLeft = PostgresPoint(reading: &reader) else {
            return nil
        }
        self.init(upperRight: upperRight, lowerLeft: lowerLeft)
    }

    /// Appends the two corners.
    public func encode(into bytes: inout [UInt8]) {
        upperRight.encode(into: &bytes)
        lowerLeft.encode(into: &bytes)
    }
}
