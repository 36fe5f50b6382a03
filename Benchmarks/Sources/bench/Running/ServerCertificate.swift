import Foundation

/// A certificate for the benchmark's server, good for nothing else.
struct ServerCertificate {
    let certificate: String
    let key: String

    /// Makes one with the `openssl` command.
    init(_ scratch: Scratch) async throws {
        let (certificatePath, keyPath) = ("\(scratch.path)/server.crt", "\(scratch.path)/server.key")
        let words = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-keyout",
            keyPath, "-out", certificatePath,
        ]
        let ending = try await Command(words: words, scratch: scratch).run()
        guard ending.status == 0 else { throw Failure(description: "openssl made no certificate: \(ending.errors)") }
        certificate = try String(contentsOfFile: certificatePath, encoding: .utf8)
        key = try String(contentsOfFile: keyPath, encoding: .utf8)
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
