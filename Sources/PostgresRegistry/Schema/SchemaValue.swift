/// A value of JSON whose members keep their order, for the schema.
indirect enum SchemaValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case text(String)
    case number(Int)
    case flag(Bool)
    case array([SchemaValue])
    case object([(String, SchemaValue)])

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
    init(arrayLiteral elements: SchemaValue...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, SchemaValue)...) { self = .object(members) }
}

/// Writes a value as JSON, indented by two spaces, what fits into a line on one.
enum SchemaWriter {
    private static let widthMax = 100

    static func text(of value: SchemaValue, indent: String = "") -> String {
        let line = line(value)
        guard line.count + indent.count > widthMax else { return line }
        let deeper = indent + "  "
        switch value {
        case .array(let items):
            return "[\n" + items.map { deeper + text(of: $0, indent: deeper) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            let lines = members.map { "\(deeper)\(quoted($0.0)): \(text(of: $0.1, indent: deeper))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        case .text, .number, .flag: return line
        }
    }

    private static func line(_ value: SchemaValue) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .array(let items): "[\(items.map(line).joined(separator: ", "))]"
        case .object(let members): "{\(members.map { "\(quoted($0.0)): \(line($0.1))" }.joined(separator: ", "))}"
        }
    }

    /// What the table holds has neither control characters nor anything beyond the sentences of this module.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }
}
