/// A place in the write-ahead log of a primary and its standbys, from which a later read can tell whether it sees an earlier
/// write; see `PostgresClient.position()` and `PostgresClient.reader(after:within:)`.
///
/// Its text form, such as `1:16/B374D848`, is also what `Codable` writes, so that a position can travel to where the read is made.
public struct PostgresPosition: Hashable, Sendable {
    /// The timeline. Each promotion of a standby begins another, on which the same positions mean other writes.
    public let timeline: UInt32
    /// The position on the timeline.
    public let lsn: PostgresLSN

    /// Creates a position that was noted somewhere.
    public init(timeline: UInt32, lsn: PostgresLSN) {
        self.timeline = timeline
        self.lsn = lsn
    }
}

extension PostgresPosition: Comparable {
    /// Orders by timeline, then by position.
    public static func < (left: PostgresPosition, right: PostgresPosition) -> Bool {
        (left.timeline, left.lsn) < (right.timeline, right.lsn)
    }
}

extension PostgresPosition: LosslessStringConvertible, Codable {
    /// Reads the timeline in decimal, a colon and the position as Postgres writes it; nil where the text is anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy(\.isASCIIDigit), let timeline = UInt32(parts[0]),
            let lsn = PostgresLSN(String(parts[1]))
        else { return nil }
        self.init(timeline: timeline, lsn: lsn)
    }

    /// The text form, such as `1:16/B374D848`.
    public var description: String { "\(timeline):\(lsn)" }

    /// Encodes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Decodes the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = PostgresPosition(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "the text is no position")
        }
        self = value
    }
}
