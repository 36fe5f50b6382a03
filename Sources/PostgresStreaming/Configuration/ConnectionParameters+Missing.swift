extension ConnectionParameters {
    /// Refuses what libpq can do and this library cannot, and words that libpq does not know either.
    func checkWhatIsMissing() throws(PostgresError) {
        switch nonEmpty(.replication) {
        case nil, "0", "false", "off", "no": break
        default: throw Self.invalid(.replication, "asks for replication, which is not supported")
        }
        if try word(.gssencmode, as: GSSEncryption.self) == .require {
            throw Self.invalid(.gssencmode, "asks for GSSAPI encryption, which is not supported")
        }
        for keyword in [ConnectionKeyword.gsslib, .oauthIssuer, .oauthClientID, .oauthClientSecret, .oauthScope]
        where nonEmpty(keyword) != nil {
            let method = keyword == .gsslib ? "GSSAPI" : "OAuth"
            throw Self.invalid(keyword, "cannot be used: \(method) is not supported")
        }
        guard self[.krbsrvname] == "postgres", try !flag(.gssdelegation) else {
            throw PostgresError(.configurationInvalid, "krbsrvname and gssdelegation cannot be used without GSSAPI")
        }
        guard try word(.targetSessionAttrs, as: SessionAttributes.self) == .any else {
            throw Self.invalid(.targetSessionAttrs, "is not supported yet; only \"any\" is")
        }
        try checkProtocolVersions()
        try checkTLS()
    }

    private enum GSSEncryption: String, CaseIterable {
        case disable, prefer, require
    }

    private enum SessionAttributes: String, CaseIterable {
        case any
        case readWrite = "read-write"
        case readOnly = "read-only"
        case primary, standby
        case preferStandby = "prefer-standby"
    }

    private enum ProtocolVersion: String, CaseIterable {
        case version30 = "3.0"
        case version32 = "3.2"
        case latest
    }

    private func checkProtocolVersions() throws(PostgresError) {
        _ = try word(.maxProtocolVersion, as: ProtocolVersion.self)
        switch try word(.minProtocolVersion, as: ProtocolVersion.self) {
        case nil, .version30: break
        default: throw Self.invalid(.minProtocolVersion, "is not supported yet; only \"3.0\" is")
        }
    }

    private enum TLSMode: String, CaseIterable {
        case disable, allow, prefer, require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    private func checkTLS() throws(PostgresError) {
        switch try word(.sslmode, as: TLSMode.self) {
        case nil, .disable, .allow, .prefer: break
        default: throw Self.invalid(.sslmode, "asks for TLS, which this release has not")
        }
        let needTLS: [ConnectionKeyword] = [
            .sslcert, .sslkey, .sslcertmode, .sslpassword, .sslrootcert, .sslcrl, .sslcrldir, .requirepeer,
            .sslMaxProtocolVersion, .sslkeylogfile,
        ]
        for keyword in needTLS where nonEmpty(keyword) != nil {
            throw Self.invalid(keyword, "cannot be followed: this release has no TLS")
        }
        guard self[.sslnegotiation] == "postgres", try !flag(.sslcompression), try flag(.sslsni),
            self[.sslMinProtocolVersion] == "TLSv1.2"
        else {
            throw PostgresError(
                .configurationInvalid,
                "sslnegotiation, sslcompression, sslsni and ssl_min_protocol_version cannot be set without TLS")
        }
    }
}
