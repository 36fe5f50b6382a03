import Glibc

/// The server programs of one PostgreSQL version: a directory with `initdb`, `postgres` and `pg_ctl`.
public struct ServerBinaries: Sendable, Hashable {
    /// The directory that holds the programs.
    public let directory: String
    /// The major version, such as 15.
    public let version: Int
    /// The whole version as the server writes it, such as `15.18` or `19beta1`.
    public let release: String

    /// Finds the programs of the wanted version.
    ///
    /// The first of these places that has the version wins: the directories that the environment variable
    /// `POSTGRES_TESTING_BINARIES` names (separated by colons), what `pg_config --bindir` answers,
    /// `/usr/lib/postgresql/*/bin`, and the cache that `scripts/bootstrap` fills (`POSTGRES_STREAMING_CACHE`, otherwise
    /// `~/.cache/postgres-streaming` and the one that root fills, `/var/cache/postgres-streaming`). With `.any` the
    /// newest version is taken: of the directories in the variable if there are any, otherwise of all places.
    ///
    /// A directory counts only if it holds all three programs and the user that the server will run as may run them.
    /// Costs some 10 ms, and the first time ten times that: every candidate is asked for its version.
    ///
    /// - Throws: `PostgresServerError` with the code `binariesNotFound`, which says where it looked and what to do.
    public static func find(
        _ version: PostgresServerOptions.Version = .any
    ) async throws(PostgresServerError) -> ServerBinaries {
        let search = await BinarySearch.overAllPlaces()
        guard let binaries = search.result(for: version) else { throw search.failure(for: version) }
        return binaries
    }

    /// Finds the programs of all versions on this machine, in the order in which ``find(_:)`` looks.
    public static func all() async -> [ServerBinaries] {
        await BinarySearch.overAllPlaces().candidates.compactMap { try? $0.result.get() }
    }

    /// Looks into one directory, and asks `postgres --version`.
    package init(directory: String) async throws(PostgresServerError) {
        for program in ["initdb", "postgres", "pg_ctl"] {
            guard unsafe access("\(directory)/\(program)", X_OK) == 0 else {
                throw PostgresServerError(.binariesNotFound, "no \(program)")
            }
        }
        let release = try await KnownReleases.shared.release(of: "\(directory)/postgres")
        guard let version = Int(release.prefix { $0.isNumber }) else {
            throw PostgresServerError(.binariesNotFound, "postgres --version says \(release)")
        }
        self.directory = directory
        self.version = version
        self.release = release
    }

    /// The path of one of the programs.
    func path(_ program: String) -> String { "\(directory)/\(program)" }

}
