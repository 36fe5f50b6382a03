extension TextReader {
    /// Reads a number as Postgres prints floats: the nearest `Double`.
    @_lifetime(self: copy self)
    mutating func double() -> Double? {
        if skip(word: "NaN") { return .nan }
        if skip(word: "Infinity") { return .infinity }
        if skip(word: "-Infinity") { return -.infinity }
        let digits = bytes { "0123456789.eE+-".utf8.contains($0) }
        guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }
}

extension [UInt8] {
    /// Appends the number with the digits that Postgres prints, and laid out as Postgres does: with an exponent below 10⁻⁴
    /// and from 10¹⁵ for `double precision`, 10⁶ for `real`.
    mutating func append<Float: BinaryFloatingPoint & CustomStringConvertible>(float value: Float) {
        if value.isNaN {
            self += "NaN".utf8
            return
        }
        if value.sign == .minus { append(UInt8(ascii: "-")) }
        if value.isInfinite {
            self += "Infinity".utf8
            return
        }
        if value.isZero { return append(UInt8(ascii: "0")) }
        let (digits, exponent) = Self.digits(of: value.magnitude)
        let wide = Float.significandBitCount > 23
        if exponent < -4 || exponent >= (wide ? 15 : 6) {
            append(digits[0])
            if digits.count > 1 {
                append(UInt8(ascii: "."))
                self += digits[1...]
            }
            append(UInt8(ascii: "e"))
            append(UInt8(ascii: exponent < 0 ? "-" : "+"))
            append(decimal: abs(exponent), width: 2)
        } else if exponent < 0 {
            self += "0.".utf8
            append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -exponent - 1))
            self += digits
        } else {
            self += digits.prefix(exponent + 1)
            append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, exponent + 1 - digits.count)))
            guard digits.count > exponent + 1 else { return }
            append(UInt8(ascii: "."))
            self += digits[(exponent + 1)...]
        }
    }

    /// The fewest digits that name the number and no other, without zeros at either end, and the power of ten that the
    /// first one counts.
    ///
    /// The standard library finds the same ones but where the number halfway to a neighbour has fewer digits, such as
    /// 10²³, or where two are equally close. Numbers with so few digits that no other is near have neither.
    private static func digits<Float: BinaryFloatingPoint & CustomStringConvertible>(
        of value: Float
    ) -> (digits: [UInt8], exponent: Int) {
        let printed = digits(value.description.utf8)
        let precision = Float.significandBitCount
        let isCertain = printed.digits.count <= precision * 301 / 1000 && value.isNormal && value.exponent <= precision
        return isCertain ? printed : ExactDigits.shortest(of: value, near: printed.exponent)
    }

    /// The digits of a number that the standard library printed, without zeros at either end, and the power of ten that
    /// the first one counts.
    private static func digits(_ text: some Sequence<UInt8>) -> (digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        var reader = Array(text)[...]
        while let byte = reader.popFirst() {
            if byte == UInt8(ascii: ".") {
                point = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: reader.drop { $0 == UInt8(ascii: "+") }, as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let whole = (point ?? digits.count) - leading
        digits.removeFirst(leading)
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, exponent + whole - 1)
    }
}
