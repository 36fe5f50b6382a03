import ConfigText
import JSONTape

/// Documents of configuration, in YAML and in JSON: the first byte of the input chooses. What was read is written as JSON,
/// which reads as the same tree in both formats.
enum ConfigTarget {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let document = Array(input.dropFirst())
        var limits = ConfigLimits()
        limits.nodesMax = 3000
        limits.bytesMax = 1 << 16
        let format: ConfigFormat = first % 2 == 0 ? .yaml : .json
        guard let root = read(document, format, limits) else { return }
        if format == .json, !document.starts(with: [0xEF, 0xBB, 0xBF]) {
            var tapeLimits = JSONLimits()
            tapeLimits.duplicateKeys = .reject
            var tape = JSONTape(limits: tapeLimits)
            precondition((try? tape.scan(unsafe document.span.bytes)) != nil, "JSONTape reads it too")
        }
        var written = ""
        guard write(root, to: &written) < keyBytesMax else { return }
        limits.bytesMax = 1 << 20
        for format in [ConfigFormat.json, .yaml] {
            guard let again = read(Array(written.utf8), format, limits) else { preconditionFailure("it was a tree") }
            var rewritten = ""
            write(again, to: &rewritten)
            precondition(written == rewritten)
        }
    }

    /// The tree; nil where the document is refused, at a place within it.
    private static func read(_ document: [UInt8], _ format: ConfigFormat, _ limits: ConfigLimits) -> ConfigNode? {
        do throws(ConfigErrors) {
            return try ConfigDocument.read(document, format: format, limits: limits).root
        } catch {
            let lines = document.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for error in error.all {
                let (line, column) = (error.position.line, error.position.column)
                precondition(1...lines.count ~= line && 1...lines[line - 1].count + 1 ~= column)
                precondition(!error.message.isEmpty)
            }
            return nil
        }
    }

    /// The length that every reader allows a key.
    private static let keyBytesMax = 1000

    /// Writes a tree as JSON, and returns the length of its longest key, which escapes may have made longer than it was.
    @discardableResult
    private static func write(_ node: ConfigNode, to text: inout String) -> Int {
        var longest = 0
        switch node {
        case .scalar(let scalar): write(scalar.text, to: &text)
        case .sequence(let sequence):
            text += "["
            for (index, item) in sequence.items.enumerated() {
                if index > 0 { text += "," }
                longest = max(longest, write(item, to: &text))
            }
            text += "]"
        case .mapping(let mapping):
            text += "{"
            for (index, entry) in mapping.entries.enumerated() {
                precondition(mapping[entry.key.text] == entry.value)
                if index > 0 { text += "," }
                let start = text.utf8.count
                write(entry.key.text, to: &text)
                longest = max(longest, text.utf8.count - start)
                text += ": "
                longest = max(longest, write(entry.value, to: &text))
            }
            text += "}"
        }
        return longest
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C: text += "\\\(scalar)"
            case 0x20..<0x7F, 0x10000...: text.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        text += "\""
    }

    static var seeds: [[UInt8]] {
        let yaml = [
            "%YAML 1.2\n---\n# c\na: &x 'b''c'\n\"d\\u00e9\\\n  e\": [f, {g: h, \"i\":j}, *x ]\n",
            "k:\n- |2-\n    l\n\n- >+\n  m\n  n\n\n- o\n  p\n",
            "- - q\n  - r: s\n-\n...\n", "\u{FEFF}é: \"😀\"\r\nx: y # z\r\n", "a: &a [b]\nc: *a\na: d\n",
        ]
        let json = [#"{"a": [1, -2.5e3, true, null, "b\n\u00e9\ud83d\ude00"], "c": {"d": {}}}"#, #"{"a":1,"a":2}"#]
        return yaml.map { [0] + Array($0.utf8) } + json.flatMap { [[0] + Array($0.utf8), [1] + Array($0.utf8)] }
    }
}
