extension ConnectionParameters {
    /// Refuses what libpq can do and this library cannot, and words that libpq does not know either.
    func checkWhatIsMissing() throws(PostgresError) {
        switch nonEmpty(.replication) {
        case nil, "0", "false", "off", "no": break
        default: throw invalid(.replication, "asks for replication, which is not supported")
        }
        if try word(.gssencmode, as: GSSEncryption.self) == .require {
            throw invalid(.gssencmode, "asks for GSSAPI encryption, which is not supported")
        }
        guard nonEmpty(.gsslib) == nil else { throw invalid(.gsslib, "cannot be used: GSSAPI is not supported") }
        guard self[.krbsrvname] == "postgres", try !flag(.gssdelegation) else {
            throw invalid(
                "krbsrvname and gssdelegation cannot be used without GSSAPI", because: [.krbsrvname, .gssdelegation])
        }
    }

    private enum GSSEncryption: String, CaseIterable {
        case disable, prefer, require
    }
}
