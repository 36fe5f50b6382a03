extension PostgresCopyFormat {
    /// Checks the format by the rules of the server for one direction.
    func validate(copyingIn: Bool) throws(PostgresError) {
        if let encoding { try Self.validate(encoding: encoding) }
        switch kind {
        case .binary: break
        case .text(let text):
            try text.validate()
            guard !copyingIn else { return }
            try Self.checkCopyOut(text.header, text.defaultMarker)
        case .csv(let csv):
            try csv.validate()
            guard !copyingIn else {
                guard csv.forceQuote == .none else { throw .copyRefused("forceQuote is for copying out alone") }
                return
            }
            try Self.checkCopyOut(csv.header, csv.defaultMarker)
            guard csv.forceNull == .none, csv.forceNotNull == .none else {
                throw .copyRefused("forceNull and forceNotNull are for copying in alone")
            }
        }
    }

    private static func checkCopyOut(_ header: CopyHeader, _ marker: String?) throws(PostgresError) {
        guard header != .match else {
            throw .copyRefused("header names can be compared when copying in alone", hint: "Use .present.")
        }
        guard marker == nil else { throw .copyRefused("a default marker is for copying in alone") }
    }

    /// Checks that values can be read and written as text here, which is UTF-8: bytes of another encoding would be taken for
    /// other characters.
    ///
    /// - Throws: `queryInvalid` for lines in another encoding.
    package func checkLines() throws(PostgresError) {
        guard let encoding, !isBinary else { return }
        let name = encoding.lowercased().filter { $0.isLetter || $0.isNumber }
        guard ["utf8", "unicode"].contains(name) else {
            throw .copyRefused(
                "lines in the encoding \(encoding.quotedInOneLine) cannot be read or written here",
                hint: "Leave the encoding out, which is UTF-8 then, or copy the bytes as they are.")
        }
    }

    private static func validate(encoding: String) throws(PostgresError) {
        let isName = encoding.utf8.allSatisfy { $0 < 0x80 && ($0.isIdentifierPart || $0 == UInt8(ascii: "-")) }
        guard isName, !encoding.isEmpty, encoding.utf8.count < 64 else {
            throw .copyRefused("the encoding is no name of one", hint: "Write it as in UTF8 or LATIN1.")
        }
    }
}
