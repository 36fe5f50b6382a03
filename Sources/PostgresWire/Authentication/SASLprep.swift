/// Prepares a password for SCRAM (RFC 5802, section 2.2), so that all spellings of one text are one password.
///
/// It is SASLprep (RFC 4013) as PostgreSQL and libpq do it:
///
/// - An ASCII password is used as it is, control characters included, and so is one that is not UTF-8.
/// - Spaces beyond ASCII become U+0020; soft hyphens, joiners, variation selectors and their like vanish.
/// - What is left must not be empty, nor hold a character that is prohibited or that Unicode 3.2 did not have, such as
///   most emoji, nor mix directions of writing. Otherwise the password is used as it is.
/// - It is normalised to NFKC: letters and their accents are composed; ligatures, full-width forms, superscripts
///   and their like become ordinary characters.
///
/// RFC 3454 would look for prohibited characters after the normalisation. PostgreSQL does it before, and a client that
/// decided otherwise than the server would not get in with such a password.
package enum SASLprep {
    /// Returns the bytes that SCRAM takes for `password`.
    ///
    /// The first password beyond ASCII unpacks tables, which stay: half a millisecond and 160 KB. After that, one of 20
    /// characters takes some 5 µs. No password is too long or too odd for it: the result has at most 18 characters
    /// for each one, after n log n steps.
    package static func prepare(_ password: String) -> [UInt8] {
        prepare(Array(password.utf8))
    }

    /// Returns the bytes that SCRAM takes for a password in UTF-8; in any other encoding they are the password itself.
    package static func prepare(_ password: [UInt8]) -> [UInt8] {
        guard password.contains(where: { $0 >= 0x80 }), let text = String(validating: password, as: UTF8.self) else {
            return password
        }
        let mapped = text.unicodeScalars.compactMap(mapped)
        guard !mapped.isEmpty, !mapped.contains(where: ScalarSet.refused.contains), !mixesDirections(mapped) else {
            return password
        }
        return NormalizationFormKC.normalize(mapped).flatMap { Array($0.utf8) }
    }

    /// U+200B is in both tables; the one of spaces comes first.
    private static func mapped(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if ScalarSet.otherSpaces.contains(scalar) { return " " }
        return ScalarSet.mappedToNothing.contains(scalar) ? nil : scalar
    }

    /// Whether the text breaks the rule for characters written from right to left (RFC 3454, section 6): where there is
    /// one, both ends are such, and no character is written from left to right.
    private static func mixesDirections(_ scalars: [Unicode.Scalar]) -> Bool {
        guard scalars.contains(where: ScalarSet.rightToLeft.contains) else { return false }
        let ends = [scalars.first, scalars.last].compactMap(\.self)
        return !ends.allSatisfy(ScalarSet.rightToLeft.contains)
            || scalars.contains(where: ScalarSet.leftToRight.contains)
    }
}
