import Glibc
import PostgresWire

extension KnownStatement.Key {
    /// About how much memory a statement takes of which no more is known.
    var bytes: Int { sql.utf8.count + types.count * MemoryLayout<ParameterType>.stride + Self.bytesBeside }

    /// Names and the cache's own.
    private static let bytesBeside = 512

    // Bytes and not characters: `==` of String takes two spellings of a letter for the same, which are two statements to
    // the server.
    static func == (first: Self, second: Self) -> Bool {
        first.sql.hasSameBytes(as: second.sql) && first.types == second.types
    }

    // The ends of the text tell nearly all statements apart, and hashing costs with every query.
    func hash(into hasher: inout Hasher) {
        sql.withBytes { bytes in
            hasher.combine(bytes.byteCount)
            hasher.combine(bytes: bytes.extracting(first: Self.hashedBytes))
            hasher.combine(bytes: bytes.extracting(last: Self.hashedBytes))
        }
    }

    /// So many at each end are hashed.
    private static let hashedBytes = 256
}

extension Hasher {
    fileprivate mutating func combine(bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe combine(bytes: $0) }
    }
}

extension String {
    /// Whether the two have the same bytes.
    fileprivate func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return withBytes { mine in
            other.withBytes { theirs in
                unsafe mine.withUnsafeBytes { mine in
                    unsafe theirs.withUnsafeBytes { theirs in
                        guard let first = mine.baseAddress, let second = theirs.baseAddress else { return true }
                        return unsafe memcmp(first, second, mine.count) == 0
                    }
                }
            }
        }
    }
}

extension KnownStatement.Key: CustomReflectable {
    /// Shows nothing, so that no `dump` prints the text of SQL, in which people put values.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
