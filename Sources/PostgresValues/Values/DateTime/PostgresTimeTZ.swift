import PostgresWire

/// A `time with time zone`: the time of a day with the distance of its zone from UTC.
public struct PostgresTimeTZ: Hashable, Comparable, Sendable {
    /// The time in the zone.
    public let time: PostgresTime
    /// How far the zone is ahead of UTC, in seconds: 3600 for `+01`.
    public let secondsFromUTC: Int32

    /// Creates a time; nil for a zone that is 16 hours or more from UTC.
    public init?(_ time: PostgresTime, secondsFromUTC: Int32) {
        guard abs(Int(secondsFromUTC)) < Self.secondsMax else { return nil }
        self.time = time
        self.secondsFromUTC = secondsFromUTC
    }

    private static let secondsMax = 16 * 3600

    /// Orders by the time in UTC, and by the zone from east to west where that is the same, as Postgres does.
    public static func < (left: PostgresTimeTZ, right: PostgresTimeTZ) -> Bool {
        left.microsecondsInUTC == right.microsecondsInUTC
            ? left.secondsFromUTC > right.secondsFromUTC : left.microsecondsInUTC < right.microsecondsInUTC
    }

    private var microsecondsInUTC: Int64 { time.microsecondsSinceMidnight - Int64(secondsFromUTC) * 1_000_000 }
}

extension PostgresTimeTZ: TextForm, PostgresTextConvertible {
    /// Reads the ISO form, such as `12:00:00.5+05:30`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The ISO form.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let time = PostgresTime(reading: &reader), let seconds = reader.zone(),
            let value = PostgresTimeTZ(time, secondsFromUTC: seconds)
        else { return nil }
        self = value
    }

    func write(to text: inout [UInt8]) {
        time.write(to: &text)
        text.append(zone: Int(secondsFromUTC))
    }
}

extension PostgresTimeTZ: PostgresDecodable {
    /// Decodes a `time with time zone`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .timetz else { throw cell.typeMismatch(PostgresTimeTZ.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        // The server counts the distance to the west.
        guard cell.bytes.byteCount == 12,
            let time = PostgresTime(microsecondsSinceMidnight: cell.bytes.bigEndian(at: 0)),
            let seconds = Int32(exactly: -Int(cell.bytes.bigEndian(at: 8, as: Int32.self))),
            let value = PostgresTimeTZ(time, secondsFromUTC: seconds)
        else { throw cell.malformed(PostgresTimeTZ.self) }
        self = value
    }

    /// `time with time zone`
    public static var postgresType: PostgresType { .timetz }

    /// Appends twelve bytes.
    public func encode(into bytes: inout [UInt8]) {
        time.encode(into: &bytes)
        bytes.append(bigEndian: -secondsFromUTC)
    }
}

extension TextReader {
    /// Reads a zone's distance from UTC, such as `+01`, `-03:30` or `+00:53:28`, in seconds.
    @_lifetime(self: copy self)
    mutating func zone() -> Int32? {
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = digits(2...2) else { return nil }
        var seconds = hours * 3600
        if skip(":") {
            guard let minutes = digits(2...2), minutes < 60 else { return nil }
            seconds += minutes * 60
            if skip(":") {
                guard let rest = digits(2...2), rest < 60 else { return nil }
                seconds += rest
            }
        }
        return Int32(isWest ? -seconds : seconds)
    }
}

extension [UInt8] {
    /// Appends a zone's distance from UTC, minutes and seconds where there are any.
    mutating func append(zone seconds: Int) {
        append(UInt8(ascii: seconds < 0 ? "-" : "+"))
        let seconds = abs(seconds)
        append(decimal: seconds / 3600, width: 2)
        guard seconds % 3600 > 0 else { return }
        append(UInt8(ascii: ":"))
        append(decimal: seconds / 60 % 60, width: 2)
        guard seconds % 60 > 0 else { return }
        append(UInt8(ascii: ":"))
        append(decimal: seconds % 60, width: 2)
    }
}
