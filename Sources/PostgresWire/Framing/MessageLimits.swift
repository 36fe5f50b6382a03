/// How long a message of the backend may be, in bytes of its length field.
///
/// The limits are checked before a byte of memory is taken for the message.
package struct MessageLimits: Hashable, Sendable {
    /// DataRow and CopyData.
    package var rowBytesMax: Int
    /// ErrorResponse and NoticeResponse: their texts may be long without ill intent.
    package var noticeBytesMax = 64 << 20
    /// Every other message after authentication.
    package var messageBytesMax = 1 << 20
    /// Every message of a peer that has not proven itself, but for the authentication messages.
    package var unauthenticatedBytesMax = 64 << 10
    /// Authentication messages.
    package var authenticationBytesMax = 4 << 10

    /// The server cannot build a longer message.
    package static let rowBytesLimit = (1 << 30) - 1

    /// Creates limits with the default of every other kind. `rowBytesMax` is brought between 1 and `rowBytesLimit`.
    package init(rowBytesMax: Int = 64 << 20) {
        self.rowBytesMax = min(max(rowBytesMax, 1), Self.rowBytesLimit)
    }

    /// Returns the limit for a message of `type`.
    func bytesMax(for type: UInt8, isAuthenticated: Bool) -> Int {
        switch type {
        case UInt8(ascii: "R"): authenticationBytesMax
        case _ where !isAuthenticated: unauthenticatedBytesMax
        case UInt8(ascii: "D"), UInt8(ascii: "d"): rowBytesMax
        case UInt8(ascii: "E"), UInt8(ascii: "N"): noticeBytesMax
        default: messageBytesMax
        }
    }
}
