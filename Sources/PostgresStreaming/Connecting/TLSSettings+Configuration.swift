import Glibc
import PostgresTransport

extension TLSSettings {
    /// What a configuration means for one endpoint, as libpq reads it; files at their standard places count where they
    /// exist, and those that are named have to.
    init(
        _ tls: PostgresConfiguration.TLS, host: String, address: String?
    ) throws(PostgresError) {
        let roots = try Self.roots(tls)
        let verification: Verification =
            switch tls.mode {
            case .verifyFull: .chainAndHost
            case .verifyCA: .chain
            case .disable, .allow, .prefer, .require: roots == .none ? .none : .chain
            }
        guard verification != .chainAndHost || !host.isEmpty else {
            throw PostgresError(.configurationInvalid, "sslmode \"verify-full\" needs the name of the host")
        }
        self.init(verification: verification, hostName: host)
        hostAddress = address
        self.roots = roots
        clientCertificate = Self.clientCertificate(tls)
        certificateMode = CertificateMode(tls.certificateMode)
        if roots != .none {
            revocationFile = tls.revocationFile ?? Self.existing("root.crl", in: tls)
            revocationDirectory = tls.revocationDirectory
        }
        minimumVersion = tls.minimumVersion.map { $0 == .tls13 ? .tls13 : .tls12 }
        maximumVersion = tls.maximumVersion.map { $0 == .tls13 ? .tls13 : .tls12 }
        sendsServerName = tls.sendsServerName
        applicationProtocols = [Encryption.applicationProtocol]
        keyLogFile = tls.keyLogFile
    }

    private static func roots(_ tls: PostgresConfiguration.TLS) throws(PostgresError) -> Roots {
        switch tls.roots {
        case .system: return .system
        case .file(let path): return .file(path)
        case .standard:
            if let path = existing("root.crt", in: tls) { return .file(path) }
            guard tls.mode == .verifyCA || tls.mode == .verifyFull else { return .none }
            let place = tls.standardDirectory.map { "root certificate file \"\($0)/root.crt\" does not exist" }
            throw PostgresError(
                .configurationInvalid, place ?? "no root certificates are named",
                hint: "Provide the file, use the system's roots with sslrootcert=system, or change sslmode.")
        }
    }

    private static func clientCertificate(_ tls: PostgresConfiguration.TLS) -> ClientCertificate? {
        guard tls.certificateMode != .disable,
            let certificate = tls.certificateFile ?? existing("postgresql.crt", in: tls)
        else { return nil }
        let key = tls.keyFile ?? tls.standardDirectory.map { "\($0)/postgresql.key" }
        var passphrase = tls.keyPassphraseProvider
        if let text = tls.keyPassphrase { passphrase = { text } }
        return ClientCertificate(
            certificateFile: certificate, keyFile: key ?? "",
            passphrase: passphrase)
    }

    private static func existing(_ name: String, in tls: PostgresConfiguration.TLS) -> String? {
        guard let path = tls.standardDirectory.map({ "\($0)/\(name)" }) else { return nil }
        return unsafe access(path, F_OK) == 0 ? path : nil
    }
}

extension TLSSettings.CertificateMode {
    fileprivate init(_ mode: PostgresConfiguration.TLS.CertificateMode) {
        switch mode {
        case .disable: self = .disable
        case .allow: self = .allow
        case .require: self = .require
        }
    }
}
