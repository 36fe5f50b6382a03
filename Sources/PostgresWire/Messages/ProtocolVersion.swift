/// A version of the frontend/backend protocol.
package struct ProtocolVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number that changes when older sides no longer understand.
    package let major: UInt16
    /// The number that both sides can negotiate.
    package let minor: UInt16

    /// Creates a version from its two numbers.
    package init(major: UInt16, minor: UInt16) {
        self.major = major
        self.minor = minor
    }

    /// Creates a version from its form on the wire.
    package init(code: Int32) {
        major = UInt16(truncatingIfNeeded: code >> 16)
        minor = UInt16(truncatingIfNeeded: code)
    }

    /// The two numbers, as in `3.2`.
    package var description: String { "\(major).\(minor)" }

    /// Orders older versions before newer ones.
    package static func < (first: Self, second: Self) -> Bool {
        (first.major, first.minor) < (second.major, second.minor)
    }

    /// The version as the wire has it: the major number in the upper half, the minor number in the lower.
    package var code: Int32 { Int32(truncatingIfNeeded: UInt32(major) << 16 | UInt32(minor)) }

    /// The version of PostgreSQL 7.4 to 17.
    package static let v3_0 = ProtocolVersion(major: 3, minor: 0)

    /// The version that came with PostgreSQL 18: longer cancel keys. There is no 3.1.
    package static let v3_2 = ProtocolVersion(major: 3, minor: 2)
}
