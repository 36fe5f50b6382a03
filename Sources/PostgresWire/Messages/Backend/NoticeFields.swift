/// The fields of an error or a notice, in the order in which they came.
///
/// Each field may be missing, and none has to be there. A field whose code the manual does not list is kept.
package struct NoticeFields: Hashable, Sendable {
    /// One field: its code (manual: "Error and Notice Message Fields") and its text.
    package struct Field: Hashable, Sendable {
        /// The letter that says what the field means.
        package let code: UInt8
        /// The field's text.
        package let value: String

        /// Creates a field.
        package init(code: UInt8, value: String) {
            self.code = code
            self.value = value
        }
    }

    /// Every field that came.
    package let fields: [Field]

    /// Creates the fields of an error or a notice.
    package init(_ fields: [Field]) {
        self.fields = fields
    }

    /// Decodes the body of the message called `name` in the manual.
    ///
    /// A value of more than `valueBytesMax` bytes is cut there, in front of the character that does not fit: servers do
    /// send errors of several megabytes, with a whole statement in them, and the beginning says what is wrong. Where all
    /// values together have more than `bytesMax`, the last of them are cut, down to nothing.
    package init(validating body: RawSpan, of name: StaticString) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: name)
        var fields: [Field] = []
        var room = Self.bytesMax
        while true {
            let code = try reader.uint8()
            guard code != 0 else { break }
            guard fields.count < Self.fieldsMax else { throw reader.malformed("holds too many fields") }
            let value = try reader.string(bytesMax: min(Self.valueBytesMax, room))
            room -= value.utf8.count
            fields.append(Field(code: code, value: value))
        }
        self.fields = fields
        try reader.finish()
    }

    /// The most fields of one message; the manual lists 18.
    package static let fieldsMax = 64
    /// The most bytes of a value that are kept.
    package static let valueBytesMax = 64 << 10
    /// The most bytes of all values of one message that are kept; the manual's five long fields fit whole.
    package static let bytesMax = 512 << 10

    /// About how much memory they take.
    package var byteCount: Int {
        fields.reduce(fields.count * MemoryLayout<Field>.stride) { $0 + $1.value.heapByteCount }
    }
}
