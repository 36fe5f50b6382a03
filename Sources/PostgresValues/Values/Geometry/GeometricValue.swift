import PostgresWire

/// A figure of the plane: a text form, and a binary form of numbers one after the other.
protocol GeometricValue: TextForm, PostgresTextConvertible, PostgresDecodable {
    /// Reads the binary form where the reader stands; nil where there is none.
    init?(reading reader: inout BinaryReader)
}

extension GeometricValue {
    /// Decodes a figure of this type.
    init(figure cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == Self.postgresType else { throw cell.typeMismatch(Self.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        var reader = BinaryReader(cell.bytes)
        guard let value = Self(reading: &reader), reader.isAtEnd else { throw cell.malformed(Self.self) }
        self = value
    }
}

extension BinaryReader {
    /// Reads a `double precision`.
    @_lifetime(self: copy self)
    mutating func double() -> Double? { integer(UInt64.self).map(Double.init(bitPattern:)) }

    /// Reads a count and so many points.
    @_lifetime(self: copy self)
    mutating func points() -> [PostgresPoint]? {
        guard let announced = integer(Int32.self), announced >= 0, count / 16 >= Int(announced) else { return nil }
        var points: [PostgresPoint] = []
        points.reserveCapacity(Int(announced))
        for _ in 0..<announced {
            guard let point = PostgresPoint(reading: &self) else { return nil }
            points.append(point)
        }
        return points
    }
}

extension TextReader {
    /// Reads one point or more with commas between them.
    @_lifetime(self: copy self)
    mutating func points() -> [PostgresPoint]? {
        var points: [PostgresPoint] = []
        repeat {
            guard let point = PostgresPoint(reading: &self) else { return nil }
            points.append(point)
        } while skip(",")
        return points
    }
}

extension [UInt8] {
    /// Appends points with commas between them.
    mutating func append(points: [PostgresPoint]) {
        for (index, point) in points.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            point.write(to: &self)
        }
    }

    /// Appends a count and the points.
    mutating func append(counted points: [PostgresPoint]) {
        append(bigEndian: Int32(truncatingIfNeeded: points.count))
        for point in points { point.encode(into: &self) }
    }
}
