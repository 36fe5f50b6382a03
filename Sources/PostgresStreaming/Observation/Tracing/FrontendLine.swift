import PostgresWire

/// A message of this side in words.
struct FrontendLine {
    private(set) var text: String
    private let includesSQL: Bool

    /// - Parameter type: the type byte; 0 for the first message, which has none.
    init(_ type: UInt8, _ body: RawSpan, includesSQL: Bool) {
        self.includesSQL = includesSQL
        text = ""
        var reader = MessageReader(body, of: "traced")
        do throws(ProtocolViolation) {
            text = try words(type, &reader)
        } catch {
            text = "a message that does not hold together"
        }
    }

    private func words(_ type: UInt8, _ reader: inout MessageReader) throws(ProtocolViolation) -> String {
        switch type {
        case 0: return try startup(&reader)
        case UInt8(ascii: "Q"): return "Query \(sql(try reader.string()))"
        case UInt8(ascii: "P"): return try parse(&reader)
        case UInt8(ascii: "B"): return try bind(&reader)
        case UInt8(ascii: "D"): return "Describe \(try target(&reader))"
        case UInt8(ascii: "C"): return "Close \(try target(&reader))"
        case UInt8(ascii: "E"):
            let portal = try reader.string()
            let rows = try reader.integer(Int32.self)
            return "Execute \(portal.traced)\(rows == 0 ? "" : ", \(rows) rows at most")"
        case UInt8(ascii: "S"): return "Sync"
        case UInt8(ascii: "H"): return "Flush"
        case UInt8(ascii: "X"): return "Terminate"
        case UInt8(ascii: "d"): return "CopyData \(reader.remaining) bytes"
        case UInt8(ascii: "c"): return "CopyDone"
        case UInt8(ascii: "f"): return "CopyFail \(try reader.string().traced)"
        case UInt8(ascii: "p"): return "an answer about the password or token, \(reader.remaining) bytes"
        default: return "a message of type \(type), \(reader.remaining) bytes"
        }
    }

    private func startup(_ reader: inout MessageReader) throws(ProtocolViolation) -> String {
        let code = try reader.integer(UInt32.self)
        var names: [String] = []
        while reader.remaining > 1 {
            names.append(try reader.string().traced)
            _ = try reader.string()
        }
        return "StartupMessage protocol \(code >> 16).\(code & 0xFFFF), parameters \(names.joined(separator: ", "))"
    }

    private func parse(_ reader: inout MessageReader) throws(ProtocolViolation) -> String {
        let (name, text) = (try reader.string(), try reader.string())
        var types: [UInt32] = []
        for _ in 0..<(try reader.count(UInt16.self, itemBytes: 4)) { types.append(try reader.integer()) }
        let shown = types.map { "\($0)" }.joined(separator: " ")
        return "Parse \(name.traced) \(sql(text))\(types.isEmpty ? "" : ", parameter types \(shown)")"
    }

    private func bind(_ reader: inout MessageReader) throws(ProtocolViolation) -> String {
        let (portal, statement) = (try reader.string(), try reader.string())
        let formats = try formats(&reader)
        var values: [String] = []
        let count = try reader.count(UInt16.self, itemBytes: 4)
        for index in 0..<count {
            let format = formats.isEmpty ? "text" : formats[min(index, formats.count - 1)]
            let length = Int(try reader.integer(Int32.self))
            if length > 0 { _ = try reader.bytes(length) }
            values.append(length < 0 ? "NULL" : "\(format) \(length) bytes")
        }
        let results = try self.formats(&reader)
        let shown = values.isEmpty ? "" : ", parameters \(count) (\(values.prefix(100).joined(separator: ", ")))"
        return "Bind \(portal.traced) to \(statement.traced)\(shown), results "
            + (results.isEmpty ? "text" : results.prefix(100).joined(separator: " "))
    }

    private func formats(_ reader: inout MessageReader) throws(ProtocolViolation) -> [String] {
        var formats: [String] = []
        for _ in 0..<(try reader.count(UInt16.self, itemBytes: 2)) {
            formats.append(try reader.integer(Int16.self) == 0 ? "text" : "binary")
        }
        return formats
    }

    private func target(_ reader: inout MessageReader) throws(ProtocolViolation) -> String {
        let kind = try reader.uint8() == UInt8(ascii: "S") ? "statement" : "portal"
        return "\(kind) \(try reader.string().traced)"
    }

    private func sql(_ text: String) -> String {
        guard !includesSQL else { return String(text.prefix(500)).debugDescription + (text.count > 500 ? "…" : "") }
        // Not the first word of a remark: people put names into those.
        let word = text.drop { $0.isWhitespace || $0 == "(" }.prefix(20).prefix { $0.isLetter }
        return "\(word.isEmpty ? "" : "\(word.uppercased()), ")\(text.utf8.count) bytes of SQL"
    }
}
