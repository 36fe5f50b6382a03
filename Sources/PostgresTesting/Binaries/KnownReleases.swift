import Glibc

/// What server programs answered when they were asked for their version. Asking takes some 30 ms, and every start asks all.
actor KnownReleases {
    static let shared = KnownReleases()

    /// Most programs that are remembered.
    private static let programsMax = 64

    /// One state of a file: another program at its path is asked again.
    private struct Program: Hashable {
        let path: String
        let inode: UInt
        let seconds: Int
        let nanoseconds: Int

        init?(_ path: String) {
            var information = stat()
            guard unsafe stat(path, &information) == 0 else { return nil }
            self.path = path
            inode = UInt(information.st_ino)
            seconds = information.st_mtim.tv_sec
            nanoseconds = information.st_mtim.tv_nsec
        }
    }

    private var releases: [Program: String] = [:]

    /// The version of a `postgres` program, such as `15.18`.
    func release(of path: String) async throws(PostgresServerError) -> String {
        let program = Program(path)
        if let program, let release = releases[program] { return release }
        let (status, output) = try await ChildProcess.capture(try ServerAccount.current().command([path, "--version"]))
        guard status == .code(0), let release = Self.release(fromVersionLine: output) else {
            let line = output.split(separator: "\n").first ?? ""
            throw PostgresServerError(.binariesNotFound, "postgres --version failed with \(status): \(line)")
        }
        if let program, releases.count < Self.programsMax { releases[program] = release }
        return release
    }

    /// Takes `15.18` out of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    private static func release(fromVersionLine line: String) -> String? {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count >= 3, words[0] == "postgres", words[2].first?.isNumber == true else { return nil }
        return String(words[2])
    }
}
