/// The text of the two files that tell a server how to run.
struct ServerConfiguration {
    /// Settings for a server whose data nobody wants to keep: it does not wait for the disk.
    ///
    /// Dynamic shared memory lies in the data directory and so goes with it, also when the server is killed; nor is it
    /// short where a container gives 64 MiB to /dev/shm.
    private static let defaults = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "dynamic_shared_memory_type": "mmap",
    ]

    /// Settings that the address of the server and its directory depend on.
    private static let reserved: Set = [
        "port", "listen_addresses", "unix_socket_directories", "data_directory", "hba_file", "config_file",
    ]

    let options: PostgresServerOptions

    /// Checks what will be written into files or passed to `initdb`.
    init(validating options: PostgresServerOptions) throws(PostgresServerError) {
        for (name, value) in options.configuration {
            guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_.".contains($0)) }),
                Self.isOneLine(value)
            else { throw PostgresServerError(.invalidOptions, "setting \"\(name)\" cannot be written as one line") }
            guard !Self.reserved.contains(name.lowercased()) else {
                throw PostgresServerError(.invalidOptions, "setting \"\(name)\" belongs to the throwaway server")
            }
        }
        guard options.accessRules.allSatisfy(Self.isOneLine) else {
            throw PostgresServerError(.invalidOptions, "an access rule cannot have more than one line")
        }
        guard Self.isOneLine(options.superuser), !options.superuser.isEmpty, !options.superuser.hasPrefix("pg_") else {
            throw PostgresServerError(
                .invalidOptions, "the superuser's name cannot be empty, two lines or begin with pg_")
        }
        guard options.password.map({ !$0.isEmpty && Self.isOneLine($0) }) ?? true else {
            throw PostgresServerError(.invalidOptions, "the password cannot be empty or hold a line break")
        }
        guard options.files.keys.allSatisfy({ !$0.isEmpty && !$0.contains("/") && Self.isOneLine($0) }) else {
            throw PostgresServerError(.invalidOptions, "a file for the data directory needs a name without a slash")
        }
        guard options.startSecondsMax > 0 else {
            throw PostgresServerError(.invalidOptions, "the time limit must be at least one second")
        }
        self.options = options
    }

    /// `postgresql.conf`: what `initdb` wrote, our defaults, and the user's settings, of which the last one counts.
    var settings: String {
        let lines = [Self.defaults, options.configuration].flatMap { settings in
            settings.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.quoted($0.value))" }
        }
        return (["include 'data/postgresql.conf'"] + lines).map { "\($0)\n" }.joined()
    }

    /// `pg_hba.conf`: the user's lines, then the authentication for everybody. Replication needs lines of its own.
    var accessRules: String {
        let method = options.authentication.rawValue
        let rules = ["local all", "host all", "local replication", "host replication"].map { rule in
            rule.hasPrefix("host") ? "\(rule) all all \(method)" : "\(rule) all \(method)"
        }
        return (options.accessRules + rules).map { "\($0)\n" }.joined()
    }

    private static func quoted(_ value: String) -> String {
        var text = "'"
        for character in value {
            if character == "'" || character == "\\" { text.append(character) }
            text.append(character)
        }
        return text + "'"
    }

    private static func isOneLine(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    }
}
