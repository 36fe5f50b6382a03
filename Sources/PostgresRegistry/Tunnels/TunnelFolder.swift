import Glibc

/// The private folder of a tunnel: its sockets, and what `ssh` is configured with.
///
/// It goes with the last reference. Its owner holds the lock of a file in it. What a process that was killed has left is known by the lock that is free, and
/// removed when the next tunnel is opened.
final class TunnelFolder: Sendable {
    let path: String
    let socketCount: Int
    private let lock: Int32

    private static let prefix = "pgsluice-"
    /// The most folders that are looked at for being left over.
    private static let leftoversMax = 256

    /// Makes a folder that only this user may enter, in `$XDG_RUNTIME_DIR` or `/tmp`: the path of a socket has to be short.
    ///
    /// Nil where that cannot be done.
    init?(socketCount: Int) {
        let runtime = unsafe getenv("XDG_RUNTIME_DIR").map { unsafe String(cString: $0) }
        for parent in [runtime, "/tmp"].compactMap(\.self) where parent.hasPrefix("/") && parent.utf8.count < 64 {
            Self.removeLeftovers(in: parent)
            var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else { continue }
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let lock = unsafe open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                close(lock)
                continue
            }
            (self.path, self.socketCount, self.lock) = (path, socketCount, lock)
            return
        }
        return nil
    }

    /// Removes the folders whose owners are gone.
    private static func removeLeftovers(in parent: String) {
        guard let directory = unsafe opendir(parent) else { return }
        defer { unsafe closedir(directory) }
        var count = 0
        while count < leftoversMax, let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { byte in byte != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(prefix) else { continue }
            count += 1
            // Of another user it cannot be opened.
            let lock = unsafe open("\(parent)/\(name)/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard lock >= 0 else { continue }
            guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                close(lock)
                continue
            }
            _ = TunnelFolder(path: "\(parent)/\(name)", socketCount: TunnelSettings.hostsMax, lock: lock)
        }
    }

    private init(path: String, socketCount: Int, lock: Int32) {
        (self.path, self.socketCount, self.lock) = (path, socketCount, lock)
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

    deinit {
        removeSockets()
        unsafe unlink(configuration)
        unsafe unlink("\(path)/lock")
        unsafe rmdir(path)
        close(lock)
    }
}
