import PostgresWire

/// A `circle`: a centre and a radius.
public struct PostgresCircle: Hashable, Sendable {
    /// The centre.
    public var center: PostgresPoint
    /// The radius, which the server wants not to be negative.
    public var radius: Double

    /// Creates a circle.
    public init(center: PostgresPoint, radius: Double) {
        self.center = center
        self.radius = radius
    }
}

extension PostgresCircle: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The centre and the radius, such as `<(0,0),2>`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard reader.skip("<"), let center = PostgresPoint(reading: &reader), reader.skip(","),
            let radius = reader.double(), reader.skip(">")
        else { return nil }
        self.init(center: center, radius: radius)
    }

    func write(to text: inout [UInt8]) {
        text.append(UInt8(ascii: "<"))
        center.write(to: &text)
        text.append(UInt8(ascii: ","))
        text.append(float: radius)
        text.append(UInt8(ascii: ">"))
    }
}

extension PostgresCircle: GeometricValue {
    /// Decodes a `circle`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `circle`
    public static var postgresType: PostgresType { .circle }

    init?(reading reader: inout BinaryReader) {
        guard let center = PostgresPoint(reading: &reader), let radius = reader.double() else { return nil }
        self.init(center: center, radius: radius)
    }

    /// Appends the centre and the radius.
    public func encode(into bytes: inout [UInt8]) {
        center.encode(into: &bytes)
        radius.encode(into: &bytes)
    }
}
