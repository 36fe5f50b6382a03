/// How a value is written on the wire (manual: "Formats and Format Codes").
@frozen
@usableFromInline
package enum FormatCode: Int16, Hashable, Sendable {
    case text = 0
    case binary = 1
}
