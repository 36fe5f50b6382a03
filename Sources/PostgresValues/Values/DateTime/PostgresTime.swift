import PostgresWire

/// A `time`: the time of a day to the microsecond, from 00:00 to 24:00, both included.
@frozen
public struct PostgresTime: Hashable, Comparable, Sendable {
    /// The microseconds since midnight.
    public let microsecondsSinceMidnight: Int64

    /// The microseconds of a day, which are 24:00.
    @inlinable public static var microsecondsPerDay: Int64 { 86_400_000_000 }

    /// Creates a time; nil for less than 0 or more than 86,400,000,000 microseconds.
    @inlinable
    public init?(microsecondsSinceMidnight microseconds: Int64) {
        guard (0...Self.microsecondsPerDay).contains(microseconds) else { return nil }
        microsecondsSinceMidnight = microseconds
    }

    /// Creates a time; nil where a number is out of its range. 24:00:00 is allowed.
    public init?(hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0) {
        guard (0...24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000).contains(microsecond)
        else { return nil }
        self.init(
            microsecondsSinceMidnight: Int64(((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond))
    }

    /// The hour from 0 to 24.
    public var hour: Int { Int(microsecondsSinceMidnight / 3_600_000_000) }
    /// The minute from 0 to 59.
    public var minute: Int { Int(microsecondsSinceMidnight / 60_000_000 % 60) }
    /// The second from 0 to 59.
    public var second: Int { Int(microsecondsSinceMidnight / 1_000_000 % 60) }
    /// The microsecond from 0 to 999,999.
    public var microsecond: Int { Int(microsecondsSinceMidnight % 1_000_000) }

    /// Orders by time.
    public static func < (left: PostgresTime, right: PostgresTime) -> Bool {
        left.microsecondsSinceMidnight < right.microsecondsSinceMidnight
    }
}

extension PostgresTime: TextForm, PostgresTextConvertible {
    /// Reads the ISO form, such as `23:59:59.999999`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The ISO form.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let hour = reader.digits(2...2), reader.skip(":"), let minute = reader.digits(2...2), reader.skip(":"),
            let second = reader.digits(2...2), let microsecond = reader.microseconds(),
            let time = PostgresTime(hour: hour, minute: minute, second: second, microsecond: microsecond)
        else { return nil }
        self = time
    }

    func write(to text: inout [UInt8]) {
        text.append(decimal: hour, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: minute, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: second, width: 2)
        text.append(microseconds: microsecond)
    }
}

extension PostgresTime: PostgresDecodable {
    /// Decodes a `time`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .time else { throw cell.typeMismatch(PostgresTime.self) }
        guard cell.format == .binary else {
            self = try Self.read(cell)
            return
        }
        guard let time = PostgresTime(microsecondsSinceMidnight: try cell.integer()) else {
            throw cell.malformed(PostgresTime.self)
        }
        self = time
    }

    @usableFromInline
    static func read(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresTime { try cell.text() }

    /// `time`
    public static var postgresType: PostgresType { .time }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: microsecondsSinceMidnight) }
}

extension TextReader {
    /// Reads a point and up to six digits behind it as microseconds; 0 where there is no point.
    @_lifetime(self: copy self)
    mutating func microseconds() -> Int? {
        guard skip(".") else { return 0 }
        let start = offset
        guard var value = digits(1...6) else { return nil }
        for _ in offset - start..<6 { value *= 10 }
        return value
    }
}

extension [UInt8] {
    /// Appends a point and the microseconds without zeros at their end; nothing for none.
    mutating func append(microseconds: Int) {
        guard microseconds > 0 else { return }
        append(UInt8(ascii: "."))
        append(decimal: microseconds, width: 6)
        while last == UInt8(ascii: "0") { removeLast() }
    }
}
