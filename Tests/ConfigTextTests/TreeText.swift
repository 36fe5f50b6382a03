import ConfigText

/// A tree in the way in which the oracles print it: JSON in which all scalars are strings, without spaces; and the places of
/// the scalars that are not empty.
struct TreeText: Equatable {
    private(set) var tree: [UInt8] = []
    private(set) var places: [UInt8] = []

    /// The text of a tree.
    init(_ node: ConfigNode) {
        append(node)
    }

    /// The line that an oracle prints.
    var line: String { String(decoding: tree + [UInt8(ascii: "\t")] + places, as: UTF8.self) }

    private mutating func append(_ node: ConfigNode) {
        switch node {
        case .scalar(let scalar): append(scalar)
        case .sequence(let sequence):
            tree.append(UInt8(ascii: "["))
            for (index, item) in sequence.items.enumerated() {
                if index > 0 { tree.append(UInt8(ascii: ",")) }
                append(item)
            }
            tree.append(UInt8(ascii: "]"))
        case .mapping(let mapping):
            tree.append(UInt8(ascii: "{"))
            for (index, entry) in mapping.entries.enumerated() {
                if index > 0 { tree.append(UInt8(ascii: ",")) }
                append(entry.key)
                tree.append(UInt8(ascii: ":"))
                append(entry.value)
            }
            tree.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(_ scalar: ConfigScalar) {
        Self.append(scalar.text, to: &tree)
        guard scalar.style == .quoted || !scalar.text.isEmpty else { return }
        if !places.isEmpty { places.append(UInt8(ascii: " ")) }
        places.append(contentsOf: "\(scalar.position.line):\(scalar.position.column)".utf8)
    }

    /// Appends a text as a string of JSON in ASCII.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(unit)])
            case 0x20..<0x7F: bytes.append(UInt8(unit))
            default:
                let digits = String(unit, radix: 16)
                bytes.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// What a document is read as, in the way of an oracle's line: what it is refused for after `!`, and otherwise tree and places.
func reading(_ document: [UInt8], _ format: ConfigFormat = .yaml, _ limits: ConfigLimits = ConfigLimits()) -> String {
    do throws(ConfigErrors) {
        return TreeText(try ConfigDocument.read(document, format: format, limits: limits).root).line
    } catch {
        return error.all.map { "!\($0.position.line):\($0.position.column) \($0.message)" }.joined(separator: "\n")
    }
}

/// The tree alone of a document that is text.
func tree(_ document: String, _ format: ConfigFormat = .yaml) -> String {
    String(reading(Array(document.utf8), format).prefix { $0 != "\t" })
}
