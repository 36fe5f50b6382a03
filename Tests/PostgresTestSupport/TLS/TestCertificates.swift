import Glibc
import PostgresTransport

/// Certificates and keys for tests, made with the `openssl` command once per process.
///
/// `root` issued `intermediate`, and that the servers' certificates and `client`. Files are named after what they are:
/// `root.crt`, `lists.crl` and the directory `lists`, `client-encrypted.key` …
package struct TestCertificates: Sendable {
    /// A certificate that a server can show, with its key.
    package enum Server: String, Sendable, CaseIterable {
        /// For `db.example`, `other.example`, `127.0.0.1` and `::1`.
        case good
        /// For `*.example`.
        case wildcard
        /// For `db.example`, by its common name alone.
        case commonName = "common-name"
        /// For `other.example`; the common name is `db.example`.
        case otherName = "other-name"
        /// For `db.example`, until long ago.
        case expired
        /// For `db.example`, and on the revocation list.
        case revoked
        /// For `db.example` by its own word.
        case selfSigned = "self-signed"
        case rsaMD5 = "rsa-md5"
        case rsaSHA1 = "rsa-sha1"
        case rsaSHA256 = "rsa-sha256"
        case rsaSHA512 = "rsa-sha512"
        /// An ordinary RSA key, with a signature padded by PSS.
        case rsaPSSPadding = "rsa-pss-padding"
        case rsaPSS = "rsa-pss"
        case ecdsaSHA384 = "ecdsa-sha384"
        case ed25519
    }

    /// The passphrase of `client-encrypted.key`.
    package static let passphrase = "open-sesame"

    /// Where the files lie. It is removed when the process exits.
    package let directory: String

    /// The certificates of this process.
    package static var shared: TestCertificates {
        get throws {
            try made.withLock { made in
                if let made { return made }
                let certificates = try TestCertificates()
                made = certificates
                return certificates
            }
        }
    }

    private static let made = Locked<TestCertificates?>(nil)
    private static let leftover = Locked<String?>(nil)

    /// The path of one of the files.
    package func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// The binding data `tls-server-end-point` of a certificate, computed by the `openssl` command.
    package func binding(of server: Server) -> [UInt8]? {
        guard let text = try? text("\(server.rawValue).binding") else { return nil }
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// The text of one of the files, to hand to a server.
    package func text(_ name: String) throws -> String {
        guard let file = unsafe fopen(path(name), "r") else {
            throw ScriptedServer.Mismatch(description: "there is no \(name)")
        }
        defer { unsafe fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    private init() throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/postgres-streaming-certificates-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw ScriptedServer.Mismatch(description: "cannot make a directory in \(parent)")
        }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        Self.leftover.withLock { $0 = directory }
        atexit {
            if let directory = TestCertificates.leftover.withLock({ $0 }) { unsafe system("rm -rf '\(directory)'") }
        }
        guard let file = unsafe fopen(path("make"), "w") else {
            throw ScriptedServer.Mismatch(description: "cannot write into \(directory)")
        }
        unsafe fputs(Self.script, file)
        unsafe fclose(file)
        guard unsafe system("cd '\(directory)' && sh make > log 2>&1") == 0 else {
            throw ScriptedServer.Mismatch(
                description: "the openssl command could not make certificates:\n" + ((try? text("log")) ?? ""))
        }
    }
}
