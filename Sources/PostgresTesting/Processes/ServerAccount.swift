import Glibc

/// The user that the server runs as when the caller is root: a Postgres server refuses to run as root.
struct ServerAccount: Sendable {
    let name: String
    let userID: uid_t
    let groupID: gid_t

    /// The account to change to, `postgres` if it exists and otherwise `nobody`; nil when the caller is not root.
    static func current() throws(PostgresServerError) -> ServerAccount? {
        guard geteuid() == 0 else { return nil }
        guard let account = ServerAccount(name: "postgres") ?? ServerAccount(name: "nobody") else {
            throw PostgresServerError(
                .system, "could not find a user to run the server as",
                detail: "A server refuses to run as root, and neither \"postgres\" nor \"nobody\" exists.")
        }
        return account
    }

    private init?(name: String) {
        var record = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwnam_r(name, &record, &buffer, buffer.count, &found) == 0, unsafe found != nil else {
            return nil
        }
        self.name = name
        userID = unsafe record.pw_uid
        groupID = unsafe record.pw_gid
    }
}

extension Optional<ServerAccount> {
    /// The command such that it runs as this account; unchanged when there is none to change to.
    ///
    /// `setpriv` replaces itself by the command, so the process ID stays the one that was started.
    func command(_ command: [String]) -> [String] {
        guard let self else { return command }
        return ["setpriv", "--reuid=\(self.userID)", "--regid=\(self.groupID)", "--clear-groups", "--"] + command
    }
}
