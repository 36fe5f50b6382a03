import FoundationEssentials
import JSONTape
import PostgresStreaming

/// How JSON documents hold a point in time.
public enum JSONDate: Hashable, Sendable {
    /// As text with its offset from UTC, `2026-01-31T12:30:00.25Z` or `2026-01-31T13:30:00.25+01:00`, to the microsecond:
    /// what `to_json` of a `timestamp with time zone` writes. Text without an offset is no point in time.
    case iso8601
    /// As the number of seconds since 1970 in UTC, fractions included.
    case secondsSince1970
    /// As the number of milliseconds since 1970 in UTC, fractions included.
    case millisecondsSince1970

    func date(_ json: borrowing JSONView) throws(JSONError) -> Date {
        switch self {
        case .iso8601:
            guard let time = PostgresTimestampTZ(iso8601: try json.decode(String.self)), let date = Date(time) else {
                throw json.failure(.valueInvalid, "cannot decode Date: not a date and time with an offset in ISO 8601")
            }
            return date
        case .secondsSince1970: return Date(timeIntervalSince1970: try json.decode(Double.self))
        case .millisecondsSince1970: return Date(timeIntervalSince1970: try json.decode(Double.self) / 1000)
        }
    }

    func write(_ date: Date, _ output: inout JSONOutput) throws(JSONError) {
        switch self {
        case .iso8601:
            guard let text = PostgresTimestampTZ(date)?.iso8601 else {
                throw JSONError(.notEncodable, "cannot encode Date: it lies outside of the years 1 to 9999")
            }
            output.write(text)
        case .secondsSince1970: try Self.write(date.timeIntervalSince1970, &output)
        case .millisecondsSince1970: try Self.write(date.timeIntervalSince1970 * 1000, &output)
        }
    }

    private static func write(_ number: Double, _ output: inout JSONOutput) throws(JSONError) {
        guard output.write(number) else { throw JSONError(.notEncodable, "cannot encode Date: it is not finite") }
    }
}

extension PostgresTimestampTZ {
    private static let dayLength = 10

    /// Reads `2026-01-31T12:30:00.25Z`; nil for anything that is not of this form.
    fileprivate init?(iso8601 text: String) {
        var bytes = Array(text.utf8)
        guard bytes.count > Self.dayLength, [UInt8(ascii: "T"), UInt8(ascii: "t")].contains(bytes[Self.dayLength])
        else {
            return nil
        }
        bytes[Self.dayLength] = UInt8(ascii: " ")
        if let last = bytes.last, [UInt8(ascii: "Z"), UInt8(ascii: "z")].contains(last) {
            bytes.removeLast()
            bytes += "+00".utf8
        }
        self.init(String(decoding: bytes, as: UTF8.self))
    }

    /// The time in UTC; nil for a year that does not have four digits.
    fileprivate var iso8601: String? {
        var bytes = Array(description.utf8)
        guard bytes.count > Self.dayLength, bytes[Self.dayLength] == UInt8(ascii: " "),
            bytes.suffix(3).elementsEqual("+00".utf8)
        else { return nil }
        bytes[Self.dayLength] = UInt8(ascii: "T")
        return String(decoding: bytes.dropLast(3), as: UTF8.self) + "Z"
    }
}
