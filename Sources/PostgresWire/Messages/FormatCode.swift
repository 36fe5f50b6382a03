/// How a value is written on the wire (manual: "Formats and Format Codes").
@frozen
@usableFromInline
package enum FormatCode: Int16, Hashable, Sendable {
    case text = 0
    case binary = 1
}

extension MessageReader {
    /// Reads an Int16 format code; one that the manual does not list is a violation.
    @_lifetime(self: copy self)
    package mutating func formatCode() throws(ProtocolViolation) -> FormatCode {
        guard let format = FormatCode(rawValue: try integer()) else { throw malformed("holds an unknown format") }
        return format
    }
}

extension FrontendBuffer {
    /// Appends an Int16 count and so many format codes.
    package mutating func formats(_ formats: [FormatCode]) throws(FrontendMessageError) {
        try count(formats.count)
        for format in formats { integer(format.rawValue) }
    }
}
