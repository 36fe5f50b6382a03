import PostgresTransport

/// How an event reads as one line.
public enum EventFormat: Hashable, Sendable {
    /// `2026-01-31T12:00:00.000000Z query_phase connection=1 query=2 phase=done duration=0.004`.
    case text
    /// One JSON object with the same members.
    case json
}

extension PostgresEvent {
    /// The event as one line without its end, of at most 4 KiB: a long text is cut.
    public func line(_ format: EventFormat) -> String {
        var textScalarsMax = EventLine.textScalarsMax
        while true {
            let members = EventLine.members(of: self, textScalarsMax: textScalarsMax)
            let line = EventLine.line(members, format)
            if line.utf8.count < EventLine.bytesMax || textScalarsMax == 0 { return line }
            textScalarsMax /= 2
        }
    }
}

enum EventLine {
    /// A line is written at once or not at all: a pipe takes so much in one piece.
    static let bytesMax = 4096
    /// The longest that SQL and the like may be, before escaping.
    static let textScalarsMax = 2048
    /// The longest that anything else may be.
    private static let attributeScalarsMax = 64

    /// One member of a line.
    struct Member {
        let name: String
        let value: Value
    }

    enum Value {
        case number(String)
        case string(String)

        var json: String {
            switch self {
            case .number(let number): number
            case .string(let string): EventLine.quoted(string)
            }
        }

        /// Words stand as they are; what has blanks or quotes in it is quoted.
        var text: String {
            switch self {
            case .number(let number): number
            case .string(let string) where !string.isEmpty && string.unicodeScalars.allSatisfy(Self.isPlain): string
            case .string(let string): EventLine.quoted(string)
            }
        }

        private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII && scalar.value > 0x20 && !["\"", "\\", "=", "\u{7F}"].contains(scalar)
        }
    }

    static func line(_ members: [Member], _ format: EventFormat) -> String {
        switch format {
        case .text:
            // Time and event need no name.
            let words = members.prefix(2).map(\.value.text) + members.dropFirst(2).map { "\($0.name)=\($0.value.text)" }
            return words.joined(separator: " ")
        case .json:
            return "{\(members.map { "\"\($0.name)\":\($0.value.json)" }.joined(separator: ","))}"
        }
    }

    static func members(of event: PostgresEvent, textScalarsMax: Int) -> [Member] {
        var members = [
            Member(name: "time", value: .string(event.time.iso8601)),
            Member(name: "event", value: .string(event.kind.description)),
            Member(name: "connection", value: .number("\(event.connection)")),
        ]
        func add(_ name: String, _ value: Value?) {
            if let value { members.append(Member(name: name, value: value)) }
        }
        func cut(_ text: String, _ count: Int = attributeScalarsMax) -> Value {
            .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(count))))
        }
        add("query", event.query.map { .number("\($0)") })
        add("name", event.name.map { cut($0) })
        add("phase", event.phase.map { .string($0.rawValue) })
        add("duration", event.duration.map { .number("\(Double($0.nanoseconds) / 1e9)") })
        add("rows", event.rows.map { .number("\($0)") })
        add("bytes", event.bytes.map { .number("\($0)") })
        add("error", event.error.map { .string($0.description) })
        add("sqlstate", event.sqlState.map { cut($0.rawValue, 5) })
        for (name, value) in event.attributes.sorted(by: { $0.key < $1.key }) {
            add(name, cut(value))
        }
        add("text", event.text.map { cut($0, textScalarsMax) })
        return members
    }

    /// A string as JSON has it. Control characters and those that change the direction of text are written as numbers.
    private static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
                {
                    for unit in String(scalar).utf16 { result += "\\u" + hexadecimal(unit) }
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private static func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
