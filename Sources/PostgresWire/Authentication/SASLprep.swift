/// Prepares a password for SCRAM (RFC 5802, section 2.2; RFC 4013).
///
/// SASLprep proper maps some characters and normalises to NFKC, for which the standard library has no tables. What is
/// done instead:
///
/// - An ASCII password is used as it is. That is exactly what PostgreSQL does.
/// - Any other password is used as its UTF-8, unchanged. PostgreSQL does the same with a password that SASLprep
///   prohibits, and SASLprep changes nothing in text that is already in NFKC and has no characters to map: "pässwörd"
///   as a keyboard writes it.
///
/// What is not done: decomposed letters are not composed, compatibility characters (ligatures, full-width forms,
/// superscripts) are not replaced, non-ASCII spaces do not become U+0020, and soft hyphens, joiners and variation
/// selectors are not removed. A role whose password was set by a client that does these things refuses such a
/// password here until it is given in its normalised form. The difference can only make a login fail, never succeed.
///
/// A partial mapping would be worse than none: PostgreSQL falls back to the raw bytes when any character of the result
/// is prohibited or unassigned, and without the same tables we could not tell when.
package enum SASLprep {
    /// Returns the bytes that SCRAM takes for `password`.
    package static func prepare(_ password: String) -> [UInt8] {
        Array(password.utf8)
    }
}
