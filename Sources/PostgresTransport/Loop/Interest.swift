/// What a wait is for, and what a descriptor became ready for. An error or a hang-up makes it ready for both.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// There are bytes to read, or the end of the stream.
    package static let readable = Interest(rawValue: 1)
    /// The kernel takes bytes again.
    package static let writable = Interest(rawValue: 2)
}
