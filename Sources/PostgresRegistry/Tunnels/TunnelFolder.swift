import Glibc

/// The private folder of a tunnel: its sockets, and what `ssh` is configured with.
struct TunnelFolder: Sendable, Hashable {
    let path: String
    let socketCount: Int

    /// Makes a folder that only this user may enter, in `$XDG_RUNTIME_DIR` or `/tmp`: the path of a socket has to be short.
    ///
    /// Nil where that cannot be done.
    init?(socketCount: Int) {
        let runtime = unsafe getenv("XDG_RUNTIME_DIR").map { unsafe String(cString: $0) }
        for parent in [runtime, "/tmp"].compactMap(\.self) where parent.hasPrefix("/") && parent.utf8.count < 64 {
            var template = Array("\(parent)/pgsluice-XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else { continue }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            self.socketCount = socketCount
            return
        }
        return nil
    }

    /// The socket of a tunnel's end.
    func socket(_ index: Int) -> String { "\(path)/\(index)" }
    /// The file that configures `ssh`.
    var configuration: String { "\(path)/config" }

    /// Whether every socket is there.
    var hasSockets: Bool { (0..<socketCount).allSatisfy { unsafe access(socket($0), F_OK) == 0 } }

    /// Removes what an earlier run left.
    func removeSockets() {
        for index in 0..<socketCount { unsafe unlink(socket(index)) }
    }

    /// Writes the configuration. False where that cannot be done.
    func write(_ text: String) -> Bool {
        let descriptor = unsafe open(configuration, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        return unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }

    /// Removes the folder with all that is in it.
    func remove() {
        removeSockets()
        unsafe unlink(configuration)
        unsafe rmdir(path)
    }
}
