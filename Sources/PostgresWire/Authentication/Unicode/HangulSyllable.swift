/// The arithmetic between Hangul syllables and their letters (The Unicode Standard, section 3.12): a leading consonant,
/// a vowel and perhaps a trailing consonant.
enum HangulSyllable {
    private static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
    private static let leading: Range<UInt32> = 0x1100..<0x1113
    private static let vowels: Range<UInt32> = 0x1161..<0x1176
    private static let trailing: Range<UInt32> = 0x11A8..<0x11C3
    /// Every trailing consonant, and none.
    private static let endings: UInt32 = 28

    /// Returns the two or three letters of a syllable; empty if the scalar is none.
    static func letters(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        guard syllables.contains(scalar.value) else { return [] }
        let index = scalar.value - syllables.lowerBound
        let (pair, ending) = index.quotientAndRemainder(dividingBy: endings)
        let (first, second) = pair.quotientAndRemainder(dividingBy: UInt32(vowels.count))
        var letters = [leading.lowerBound + first, vowels.lowerBound + second]
        if ending > 0 { letters.append(trailing.lowerBound + ending - 1) }
        return letters.compactMap(Unicode.Scalar.init)
    }

    /// Returns the syllable of a leading consonant and a vowel, or of a syllable that is still open and a trailing
    /// consonant.
    static func composite(of first: Unicode.Scalar, and second: Unicode.Scalar) -> Unicode.Scalar? {
        if leading.contains(first.value), vowels.contains(second.value) {
            let pair = (first.value - leading.lowerBound) * UInt32(vowels.count) + second.value - vowels.lowerBound
            return Unicode.Scalar(syllables.lowerBound + pair * endings)
        }
        guard syllables.contains(first.value), trailing.contains(second.value),
            (first.value - syllables.lowerBound).isMultiple(of: endings)
        else { return nil }
        return Unicode.Scalar(first.value + second.value - trailing.lowerBound + 1)
    }
}
