extension RandomConfig {
    /// Texts that readers with types take for something else, and some that need quotation marks.
    private static let words = [
        "a", "host", "db.example.com", "no", "on", "0777", "1:30", "1e3", "null", "true", "5432", "-1", "2026-12-01",
        "a:b",
        "x#y", "http://a/b?c=d", "${HOME:-x}", "é", "Ω", "日本", "😀", "a-b", "_x", "?x", "-y", ".5", "C:\\dir", "a'b",
        "a\"b",
    ]
    private static let texts = [
        "a: b", "a #b", "- x", "? x", "[a", "{b}", "a, b", "*x", "&x", "!x", "|", ">", "%a", "@a", "`a", "#c", ":",
        "a:", "<<",
        " a", "a ", "  ", "a\tb", "\ta", "a\t", "'", "\"", "\\", "\\n", "''", "\u{7}", "\u{85}", "\u{2028}", "\u{A0}",
        "\u{FEFF}", "\u{1B}[1m", "--- a", "...", "a\n", "a\nb", "a\n\nb\n", "\na", "a\n\n", "\n", "a\n b\nc", " a\nb",
        "a \nb",
        "a b c d", "one two three four five", "é è\nê",
    ]

    private mutating func word() -> String {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return ""
        case 1, 2, 3: return pick(Self.texts)
        case 4: return "\(pick(Self.words)) \(pick(Self.words)) \(pick(Self.words))"
        case 5: return "\(pick(Self.words))\n\(pick(Self.words))\n"
        default: return pick(Self.words)
        }
    }

    private func tree(_ text: String) -> String {
        var bytes: [UInt8] = []
        TreeText.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: where scalars stand

    /// Writes a key that no other one of its mapping equals, without its colon.
    mutating func writeKey(_ index: Int, inFlow: Bool) -> String {
        let key = "\(index)\(word())"
        let line = text.count
        writeInline(key, inFlow: inFlow, parent: nil)
        if text.count - line > 900 { text.removeSubrange(line...) }
        if chance(20) { write(" ") }
        return tree(key)
    }

    /// Writes a scalar within brackets or braces.
    mutating func writeFlowScalar(parent: Int) -> String {
        let text = word()
        writeInline(text, inFlow: true, parent: parent)
        return tree(text)
    }

    /// Writes a scalar and the end of its line.
    mutating func writeScalar(parent: Int, isFresh: Bool, isAnchored: Bool) -> String {
        let text = word()
        if text.isEmpty, !isFresh, !isAnchored, chance(2) {
            endLine()
            return tree(text)
        }
        if !isFresh { write(" ") }
        if chance(3), !isFresh, writeBlock(text, parent: parent) { return tree(text) }
        writeInline(text, inFlow: false, parent: parent)
        endLine()
        return tree(text)
    }

    // MARK: styles

    /// Writes a text as it is, in single or in double quotes; on several lines where `parent` says from where they are indented.
    private mutating func writeInline(_ string: String, inFlow: Bool, parent: Int?) {
        if isPlain(string, inFlow: inFlow), !chance(4) {
            writeFolded(Array(string.unicodeScalars), parent: parent) { _, scalar, text in
                text.append(contentsOf: String(scalar).utf8)
            }
        } else if isPrintable(string, withLineEnds: false), chance(2) {
            write("'")
            writeFolded(Array(string.unicodeScalars), parent: parent) { _, scalar, text in
                text.append(contentsOf: (scalar == "'" ? "''" : String(scalar)).utf8)
            }
            write("'")
        } else {
            write("\"")
            writeFolded(Array(string.unicodeScalars), parent: parent) { me, scalar, text in me.escape(scalar, &text) }
            write("\"")
        }
    }

    /// Writes a text, now and then with a line end for a space between two letters.
    private mutating func writeFolded(
        _ scalars: [Unicode.Scalar], parent: Int?, _ writeScalar: (inout Self, Unicode.Scalar, inout [UInt8]) -> Void
    ) {
        for (index, scalar) in scalars.enumerated() {
            let isBetween =
                index > 0 && index + 1 < scalars.count && isLetter(scalars[index - 1]) && isLetter(scalars[index + 1])
            if scalar == " ", isBetween, let parent, chance(4) {
                write(chance(4) ? "  \n" : "\n")
                indent(parent + Int.random(in: 1...3, using: &generator))
            } else {
                var written: [UInt8] = []
                writeScalar(&self, scalar, &written)
                text.append(contentsOf: written)
            }
        }
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        "a"..."z" ~= scalar || "0"..."9" ~= scalar || scalar.value > 0x3000
    }

    private mutating func escape(_ scalar: Unicode.Scalar, _ text: inout [UInt8]) {
        let named: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\u{7}": "\\a", "\u{1B}": "\\e", "\u{85}": "\\N",
            "\u{A0}": "\\_", "\u{2028}": "\\L",
        ]
        let isSafe =
            scalar.value >= 0x20 && !"\"\\".unicodeScalars.contains(scalar)
            && isPrintable(String(scalar), withLineEnds: false)
        if isSafe, !chance(20) { return text.append(contentsOf: String(scalar).utf8) }
        if let name = named[scalar], !chance(4) { return text.append(contentsOf: name.utf8) }
        let (letter, count) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        let digits = String(scalar.value, radix: 16, uppercase: chance(2))
        text.append(contentsOf: "\\\(letter)\(String(repeating: "0", count: count - digits.count))\(digits)".utf8)
    }

    /// Writes a text as a block after `|` or `>`, if it can be one.
    private mutating func writeBlock(_ string: String, parent: Int) -> Bool {
        guard string.contains(where: { $0 != "\n" }), isPrintable(string, withLineEnds: true) else { return false }
        var lines = string.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var trailing = 0
        while lines.last == "" {
            lines.removeLast()
            trailing += 1
        }
        let isIndented = lines.contains { $0.hasPrefix(" ") || $0.hasPrefix("\t") }
        let isFolded = !isIndented && chance(2)
        let needsDigit = isIndented || lines[0].isEmpty
        guard parent >= 0 else { return false }
        let more = Int.random(in: 1...3, using: &generator)
        let digit = needsDigit || chance(5) ? "\(more)" : ""
        let chomping = trailing == 0 ? "-" : trailing > 1 || chance(5) ? "+" : ""
        write(isFolded ? ">" : "|")
        write(chance(2) ? "\(digit)\(chomping)" : "\(chomping)\(digit)")
        write(chance(10) ? "  # a block\n" : "\n")
        for (index, line) in lines.enumerated() {
            if isFolded, index > 0, !line.isEmpty, !lines[index - 1].isEmpty { write("\n") }
            if isFolded, index > 1, !line.isEmpty, lines[index - 1].isEmpty { write("\n") }
            if !line.isEmpty {
                indent(max(parent, 0) + more)
                write(line)
            }
            write("\n")
        }
        for _ in 1..<max(trailing, 1) { write("\n") }
        isAfterBlock = true
        return true
    }

    /// Whether a text can stand without quotation marks.
    private func isPlain(_ string: String, inFlow: Bool) -> Bool {
        guard let first = string.unicodeScalars.first, let last = string.unicodeScalars.last, last != ":", last != " ",
            !string.hasPrefix("...")
        else {
            return false
        }
        guard isLetter(first) || ".$_é".unicodeScalars.contains(first) || !inFlow && string.hasPrefix("-y") else {
            return false
        }
        var previous = first
        for scalar in string.unicodeScalars {
            if "\n\t\u{85}\u{2028}\u{FEFF}\u{7}\u{1B}".unicodeScalars.contains(scalar) { return false }
            if scalar == "#" && previous == " " || scalar == " " && previous == ":" { return false }
            if inFlow, ",[]{}:?".unicodeScalars.contains(scalar) { return false }
            previous = scalar
        }
        return true
    }

    private func isPrintable(_ string: String, withLineEnds: Bool) -> Bool {
        string.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar != "\u{85}" && scalar != "\u{2028}" && scalar != "\u{FEFF}"
                || withLineEnds && (scalar == "\n" || scalar == "\t")
        }
    }
}
