import PostgresWire

/// A `line`: the points for which a·x + b·y + c is 0.
public struct PostgresLine: Hashable, Sendable {
    /// The factor of x.
    public var a: Double
    /// The factor of y.
    public var b: Double
    /// The constant.
    public var c: Double

    /// Creates a line. The server wants one of `a` and `b` not to be 0.
    public init(a: Double, b: Double, c: Double) {
        self.a = a
        self.b = b
        self.c = c
    }
}

extension PostgresLine: TextForm, PostgresTextConvertible {
    /// Reads the text form.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The three numbers, such as `{1,-1,0}`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard reader.skip("{"), let a = reader.double(), reader.skip(","), let b = reader.double(), reader.skip(","),
            let c = reader.double(), reader.skip("}")
        else { return nil }
        self.init(a: a, b: b, c: c)
    }

    func write(to text: inout [UInt8]) {
        text.append(UInt8(ascii: "{"))
        text.append(float: a)
        text.append(UInt8(ascii: ","))
        text.append(float: b)
        text.append(UInt8(ascii: ","))
        text.append(float: c)
        text.append(UInt8(ascii: "}"))
    }
}

extension PostgresLine: GeometricValue {
    /// Decodes a `line`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) { try self.init(figure: cell) }

    /// `line`
    public static var postgresType: PostgresType { .line }

    init?(reading reader: inout BinaryReader) {
        guard let a = reader.double(), let b = reader.double(), let c = reader.double() else { return nil }
        self.init(a: a, b: b, c: c)
    }

    /// Appends 24 bytes.
    public func encode(into bytes: inout [UInt8]) {
        a.encode(into: &bytes)
        b.encode(into: &bytes)
        c.encode(into: &bytes)
    }
}
