import PostgresWire

/// The server's rules for the options that the text and the CSV format share (`ProcessCopyOptions` in the server).
struct CopyOptionRules {
    let format: String
    let null: String
    let defaultMarker: String?

    /// Returns the byte that a delimiter, quote or escape is.
    ///
    /// The server takes a line break as a quote or escape; what it reads then is no file, so that it is refused here.
    func byte(_ character: Character, _ role: String) throws(PostgresError) -> UInt8 {
        guard !["\n", "\r", "\r\n"].contains(character) else {
            throw .copyRefused("the \(role) cannot be a newline or carriage return")
        }
        guard character.utf8.count == 1, let byte = character.utf8.first, byte != 0 else {
            throw .copyRefused("the \(role) has to be a single one-byte character other than NUL")
        }
        return byte
    }

    /// Checks what stands for NULL and for a default.
    func checkMarkers(delimiter: UInt8, quote: UInt8?) throws(PostgresError) {
        try check(null, "null string", delimiter, quote)
        guard let defaultMarker else { return }
        try check(defaultMarker, "default marker", delimiter, quote)
        guard !Array(defaultMarker.utf8).elementsEqual(null.utf8) else {
            throw .copyRefused("the null string and the default marker have to be different")
        }
    }

    private func check(
        _ text: String, _ role: String, _ delimiter: UInt8, _ quote: UInt8?
    ) throws(PostgresError) {
        for byte in text.utf8 {
            guard byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r"), byte != 0 else {
                throw .copyRefused("the \(role) cannot have a newline, carriage return or NUL in it")
            }
            guard byte != delimiter else { throw .copyRefused("the delimiter cannot be in the \(role)") }
            guard byte != quote else { throw .copyRefused("the quote cannot be in the \(role)") }
        }
    }
}

extension PostgresError {
    /// Returns the error for a COPY that cannot be written down.
    static func copyRefused(_ reason: String, hint: String? = nil) -> PostgresError {
        PostgresError(.queryInvalid, "cannot copy: \(reason)", hint: hint)
    }
}
