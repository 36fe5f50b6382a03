import Glibc

/// The temporary directory that holds all of one server: `data`, `socket`, the log and the files it is told to read.
struct ServerDirectory: Sendable {
    /// A socket's path cannot be longer than 107 bytes; the longest name in its directory is `.s.PGSQL.65535.lock`.
    private static let socketDirectoryBytesMax = 80

    let path: String
    private let account: ServerAccount?

    var data: String { "\(path)/data" }
    var socket: String { "\(path)/socket" }
    var log: String { "\(path)/server.log" }

    /// Makes the directory, in TMPDIR if that suits a server and otherwise in /tmp.
    ///
    /// What the server writes belongs to the account it runs as. The directory itself stays with the caller, so that
    /// the server's account cannot replace what the caller (perhaps root) writes there.
    init(account: ServerAccount?) throws(PostgresServerError) {
        let base = Self.base(for: account)
        var template = Array("\(base)/postgres-testing-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else {
            throw PostgresServerError(.system, "could not create a directory in \(base): \(errorText(errno))")
        }
        path = unsafe String(cString: made)
        self.account = account
        if account != nil { unsafe chmod(path, 0o711) }
        for subdirectory in [data, socket] {
            guard unsafe mkdir(subdirectory, 0o700) == 0, isHandedOver(subdirectory) else {
                throw PostgresServerError(.system, "could not create \(subdirectory): \(errorText(errno))")
            }
        }
    }

    /// Writes a file that did not exist, readable only by the account that the server runs as.
    func write(_ text: String, to file: String) throws(PostgresServerError) {
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw PostgresServerError(.system, "could not create \(file): \(errorText(errno))")
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        var isWritten = account.map { fchown(descriptor, $0.userID, $0.groupID) == 0 } ?? true
        var offset = 0
        while isWritten, offset < bytes.count {
            let count = unsafe bytes[offset...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            isWritten = count > 0
            offset += count
        }
        guard isWritten else {
            throw PostgresServerError(.system, "could not write \(file): \(errorText(errno))")
        }
    }

    /// Removes the directory if nothing was written into it.
    func removeEmpty() {
        for directory in [data, socket, path] { unsafe rmdir(directory) }
    }

    /// The last lines of the log since an offset in bytes, for an error's detail.
    func logTail(from offset: Int = 0) -> String {
        let text = fileText(log, from: max(offset, fileSize(log) - 16_384), max: 16_384) ?? ""
        let lines = text.split(separator: "\n").suffix(20)
        return lines.isEmpty ? "The log is empty." : "The log ends with:\n" + lines.joined(separator: "\n")
    }

    private func isHandedOver(_ file: String) -> Bool {
        guard let account else { return true }
        return unsafe chown(file, account.userID, account.groupID) == 0
    }

    /// TMPDIR must be reachable by the server's account and leave room for a socket's name. Its characters must mean
    /// nothing special to a shell, to `find` or in `postgresql.conf`, which saves quoting in all three.
    private static func base(for account: ServerAccount?) -> String {
        guard let wish = environmentVariable("TMPDIR"), let base = resolvedPath(wish),
            base.utf8.count + "/postgres-testing-XXXXXX/socket".utf8.count <= socketDirectoryBytesMax,
            base.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+".contains($0)) }),
            account == nil || isReachableByAll(base)
        else { return resolvedPath("/tmp") ?? "/tmp" }
        return base
    }

    private static func isReachableByAll(_ path: String) -> Bool {
        var ancestor = ""
        for name in path.split(separator: "/") {
            ancestor += "/\(name)"
            guard let mode = fileMode(ancestor), mode & 0o001 != 0 else { return false }
        }
        return true
    }
}
