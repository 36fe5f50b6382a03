import COpenSSL
import Glibc

/// A file that settings name, and what it is for.
struct TLSFile {
    let path: String
    private let role: String

    /// Throws where the path holds a NUL, which C would take for its end.
    init(_ path: String, _ role: String) throws(TLSFailure) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw TLSFailure(.settings, "the path of the \(role) is empty or contains a NUL")
        }
        self.path = path
        self.role = role
    }

    /// Says that the file cannot be used, and why.
    func failure(_ verb: String, _ reason: String) -> TLSFailure {
        TLSFailure(.settings, "could not \(verb) \(described): \(reason)")
    }

    /// Says what is wrong with the file.
    func failure(_ state: String) -> TLSFailure { TLSFailure(.settings, "\(described) \(state)") }

    private var described: String { "\(role) \"\(PeerText.printable(path.utf8))\"" }

    /// Throws where the file cannot be found; OpenSSL does not tell that apart from a file without certificates.
    func requirePresence() throws(TLSFailure) {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else {
            throw failure("read", OpenSSLErrors.systemReason(errno))
        }
    }
}
