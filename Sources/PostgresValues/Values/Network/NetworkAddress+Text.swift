extension NetworkAddress {
    /// Reads an address of either family and, behind a slash, the length of its prefix.
    init?(reading reader: inout TextReader, isPrefixRequired: Bool) {
        let bytes: [UInt8]
        if let address = reader.addressIPv4() {
            bytes = address
        } else {
            guard let words = reader.addressIPv6() else { return nil }
            bytes = words.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        }
        var prefixLength = bytes.count * 8
        if reader.skip("/") {
            guard let length = reader.digits(1...3) else { return nil }
            prefixLength = length
        } else if isPrefixRequired {
            return nil
        }
        self.init(bytes: bytes, prefixLength: prefixLength)
    }

    /// Appends the address as Postgres prints it.
    func write(to text: inout [UInt8], isPrefixShown: Bool) {
        let bytes = bytes
        if isIPv6 {
            let words = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
            text.append(addressIPv6: words)
        } else {
            text.append(addressIPv4: bytes[...])
        }
        if isPrefixShown { text += "/\(prefixLength)".utf8 }
    }
}

extension TextReader {
    /// Reads four numbers with points between them; reads nothing where they do not stand there.
    @_lifetime(self: copy self)
    fileprivate mutating func addressIPv4() -> [UInt8]? {
        var ahead = self
        var bytes: [UInt8] = []
        for index in 0..<4 {
            if index > 0 { guard ahead.skip(".") else { return nil } }
            guard let byte = ahead.digits(1...3).flatMap(UInt8.init(exactly:)) else { return nil }
            bytes.append(byte)
        }
        self = ahead
        return bytes
    }

    /// Reads eight hexadecimal numbers with colons between them, of which a run of zeros may be left out once, and the
    /// last two may be an IPv4 address.
    @_lifetime(self: copy self)
    fileprivate mutating func addressIPv6() -> [UInt16]? {
        var words: [UInt16] = []
        var gap: Int?
        if skip(word: "::") { gap = 0 }
        while next?.hexadecimalValue != nil {
            if words.count <= 6, let bytes = addressIPv4() {
                words += [UInt16(bytes[0]) << 8 | UInt16(bytes[1]), UInt16(bytes[2]) << 8 | UInt16(bytes[3])]
                break
            }
            guard words.count < 8, let word = hexadecimal(1...4) else { return nil }
            words.append(UInt16(word))
            if skip(word: "::") {
                guard gap == nil else { return nil }
                gap = words.count
            } else {
                guard skip(":") else { break }
                guard next?.hexadecimalValue != nil else { return nil }
            }
        }
        guard let gap else { return words.count == 8 ? words : nil }
        guard words.count < 8 else { return nil }
        words.insert(contentsOf: [UInt16](repeating: 0, count: 8 - words.count), at: gap)
        return words
    }
}

extension [UInt8] {
    fileprivate mutating func append(addressIPv4 bytes: ArraySlice<UInt8>) {
        for (index, byte) in bytes.enumerated() {
            if index > 0 { append(UInt8(ascii: ".")) }
            append(decimal: Int(byte))
        }
    }

    /// Leaves out the longest run of zeros, and writes the end of addresses that hold one of IPv4 as such.
    fileprivate mutating func append(addressIPv6 words: [UInt16]) {
        let gap = Self.longestRunOfZeros(words)
        var index = 0
        while index < 8 {
            if index == gap.lowerBound, !gap.isEmpty {
                self += "::".utf8
                index = gap.upperBound
                continue
            }
            if index == 6, Self.endsInIPv4(words, gap) {
                append(addressIPv4: [
                    UInt8(words[6] >> 8), UInt8(words[6] & 255), UInt8(words[7] >> 8), UInt8(words[7] & 255),
                ])
                return
            }
            self += String(words[index], radix: 16).utf8
            index += 1
            if index < 8, index != gap.lowerBound || gap.isEmpty { append(UInt8(ascii: ":")) }
        }
    }

    /// The first of the longest runs of zeros; empty where none has two.
    private static func longestRunOfZeros(_ words: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || words[index] != 0 {
            if index - start > Swift.max(longest.count, 1) { longest = start..<index }
            start = index + 1
        }
        return longest
    }

    /// Whether the server writes the last four bytes as an IPv4 address (`inet_net_ntop_ipv6` in the server).
    private static func endsInIPv4(_ words: [UInt16], _ gap: Range<Int>) -> Bool {
        guard gap.lowerBound == 0 else { return false }
        return gap.count == 6 || (gap.count == 7 && words[7] != 1) || (gap.count == 5 && words[5] == 0xFFFF)
    }
}
