/// What a document may be at most, and what is done about members that have the same name.
public struct JSONLimits: Hashable, Sendable {
    /// How deep arrays and objects may lie within each other: 512 unless set, at most 4,096.
    public var depthMax = 512 {
        didSet { depthMax = min(max(depthMax, 0), Self.depthCeiling) }
    }
    /// How long a document may be, in bytes: 64 MiB unless set, at most 1 GiB, the largest that Postgres can send.
    public var bytesMax = 64 << 20 {
        didSet { bytesMax = min(max(bytesMax, 0), Self.bytesCeiling) }
    }
    /// What is done about an object with several members of one name.
    public var duplicateKeys = JSONDuplicateKeys.keepLast

    /// Reading a document deeper than this could need more stack than a thread has.
    static let depthCeiling = 4096
    static let bytesCeiling = 1 << 30

    /// The usual limits.
    public init() {}
}

/// What is done about an object with several members of one name, which RFC 8259 leaves open.
///
/// Names are compared as they are written, scalar by scalar, escapes resolved. `jsonb` never has such members; it keeps
/// the last one when it is made. `json` keeps them all.
public enum JSONDuplicateKeys: Hashable, Sendable, BitwiseCopyable {
    /// The last one counts, as in `jsonb`; the others are as if they were not there.
    case keepLast
    /// The first one counts; the others are as if they were not there.
    case keepFirst
    /// The document is refused with `duplicateKey`.
    case reject
}
