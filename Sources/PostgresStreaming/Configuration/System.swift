import Glibc

/// What the operating system contributes to a configuration.
enum System {
    /// The name of the user who runs the process.
    static var userName: String? {
        var entry = unsafe passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard unsafe getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &result) == 0, unsafe result != nil else {
            return nil
        }
        return unsafe String(cString: entry.pw_name)
    }

    /// Where servers on this machine put their sockets: Debian's place if it is there, else the one of plain builds.
    static var socketDirectory: String {
        let debian = "/var/run/postgresql"
        return unsafe access(debian, F_OK) == 0 ? debian : "/tmp"
    }
}
