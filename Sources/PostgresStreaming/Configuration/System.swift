import Glibc

/// What the operating system contributes to a configuration.
enum System {
    /// The user who runs the process.
    static var account: (name: String, home: String)? {
        var entry = unsafe passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard unsafe getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &result) == 0, unsafe result != nil else {
            return nil
        }
        return unsafe (String(cString: entry.pw_name), String(cString: entry.pw_dir))
    }

    /// An environment variable of this process.
    static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Where servers on this machine put their sockets: Debian's place if it is there, else the one of plain builds.
    static var socketDirectory: String {
        let debian = "/var/run/postgresql"
        return unsafe access(debian, F_OK) == 0 ? debian : "/tmp"
    }
}
