extension ConnectionParameters {
    /// Everything that the string says about TLS.
    func tls(home: String?) throws(PostgresError) -> PostgresConfiguration.TLS {
        var tls = PostgresConfiguration.TLS()
        tls.mode = try word(.sslmode, as: PostgresConfiguration.TLS.Mode.self) ?? .prefer
        tls.negotiation = try word(.sslnegotiation, as: PostgresConfiguration.TLS.Negotiation.self) ?? .postgres
        tls.certificateMode = try word(.sslcertmode, as: PostgresConfiguration.TLS.CertificateMode.self) ?? .allow
        switch nonEmpty(.sslrootcert) {
        case nil: break
        case "system": tls.roots = .system
        case let file?: tls.roots = .file(file)
        }
        tls.certificateFile = nonEmpty(.sslcert)
        tls.keyFile = nonEmpty(.sslkey)
        tls.keyPassphrase = nonEmpty(.sslpassword)
        tls.revocationFile = nonEmpty(.sslcrl)
        tls.revocationDirectory = nonEmpty(.sslcrldir)
        (tls.minimumVersion, tls.maximumVersion) = try tlsVersions()
        tls.sendsServerName = try flag(.sslsni)
        tls.keyLogFile = nonEmpty(.sslkeylogfile)
        tls.standardDirectory = home.map { "\($0)/.postgresql" }
        guard try !flag(.sslcompression) else {
            throw invalid(.sslcompression, "asks for TLS compression, which is insecure and not supported")
        }
        guard tls.keyFile?.contains(":") != true else {
            throw invalid(.sslkey, "names a key of an OpenSSL engine, which is not supported")
        }
        return tls
    }

    private enum VersionName: String {
        case tls10 = "tlsv1"
        case tls11 = "tlsv1.1"
        case tls12 = "tlsv1.2"
        case tls13 = "tlsv1.3"
    }

    private func version(_ keyword: ConnectionKeyword) throws(PostgresError) -> VersionName? {
        guard let text = nonEmpty(keyword), !defaulted.contains(keyword) else { return nil }
        guard let version = VersionName(rawValue: text.lowercased()) else {
            throw invalid(keyword, "is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3")
        }
        return version
    }

    /// The range of versions, of which nothing below 1.2 is ever spoken.
    private func tlsVersions() throws(PostgresError) -> (
        minimum: PostgresConfiguration.TLS.Version?, maximum: PostgresConfiguration.TLS.Version?
    ) {
        let minimum: PostgresConfiguration.TLS.Version? =
            switch try version(.sslMinProtocolVersion) {
            case nil: nil
            case .tls13: .tls13
            case .tls10, .tls11, .tls12: .tls12
            }
        switch try version(.sslMaxProtocolVersion) {
        case nil: return (minimum, nil)
        case .tls10, .tls11:
            throw invalid(.sslMaxProtocolVersion, "is older than TLSv1.2, the oldest that is supported")
        case .tls12:
            guard minimum != .tls13 else {
                throw invalid(
                    "ssl_max_protocol_version is older than the minimum",
                    because: [.sslMinProtocolVersion, .sslMaxProtocolVersion])
            }
            return (minimum, .tls12)
        case .tls13: return (minimum, .tls13)
        }
    }
}
