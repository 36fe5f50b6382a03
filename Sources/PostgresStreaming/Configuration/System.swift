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

    /// What an environment variable of this process holds.
    enum Variable {
        case absent
        case text(String)
        case notUTF8
    }

    /// An environment variable of this process.
    static func variable(_ name: String) -> Variable {
        guard let value = unsafe getenv(name) else { return .absent }
        return unsafe String(validatingCString: value).map(Variable.text) ?? .notUTF8
    }

    /// Where servers on this machine put their sockets: Debian's place if it is there, else the one of plain builds.
    static var socketDirectory: String {
        let debian = "/var/run/postgresql"
        return unsafe access(debian, F_OK) == 0 ? debian : "/tmp"
    }
}
