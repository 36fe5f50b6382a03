import PostgresStreaming
import PostgresTestSupport
import Testing

/// Where we mean to end otherwise than libpq. docs/CONNECTION_STRINGS.md names each for users.
enum TLSDifference: String {
    case missingFile = "a file that the string names has to be there"
    case unusableFile = "sslmode=prefer does not go without TLS because a file of ours is of no use"
    case refusedPassword = "a password that was refused over TLS is not tried again in the clear"
    case noDigest = "a certificate whose signature has no digest is no reason to fail where binding is a mere wish"
}

/// How an attempt to connect ends.
enum TLSVerdict: String, Sendable {
    case refused, clear, encrypted
}

/// Connects with the same strings as the libpqs of this machine do, and compares how that ends.
struct TLSComparison: Sendable {
    let server: TLSServer
    var home: String

    init(_ server: TLSServer, home: String? = nil) {
        self.server = server
        self.home = home ?? server.home
    }

    /// Expects that every attempt ends as libpq's does; returns how.
    @discardableResult
    func expectSame(
        _ strings: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [TLSVerdict] {
        let (ours, theirs) = try await verdicts(strings)
        for (libpq, theirs) in theirs {
            for (ours, theirs) in zip(ours, theirs) where theirs != nil {
                #expect(
                    ours.verdict == theirs?.verdict,
                    "\(ours.string)\n\(libpq): \(theirs?.message ?? "")\nwe: \(ours.message)",
                    sourceLocation: sourceLocation)
            }
        }
        return ours.map(\.verdict)
    }

    /// Expects that every attempt of ours ends as given, and that of every libpq otherwise.
    func expect(
        _ verdict: TLSVerdict, _ strings: [String], because difference: TLSDifference,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let (ours, theirs) = try await verdicts(strings)
        for ours in ours {
            #expect(ours.verdict == verdict, "\(ours.string): \(ours.message)", sourceLocation: sourceLocation)
        }
        for theirs in theirs.values.flatMap({ $0 }) {
            #expect(
                theirs?.verdict != verdict, "no difference: \(difference.rawValue)", sourceLocation: sourceLocation)
        }
    }

    private struct Attempt: Sendable {
        let string: String
        let verdict: TLSVerdict
        let message: String
    }

    private func verdicts(
        _ strings: [String]
    ) async throws -> (ours: [Attempt], theirs: [String: [Attempt?]]) {
        let theirs = Task { try await Self.theirs(strings, home: home) }
        var ours: [Attempt] = []
        for string in strings { ours.append(try await self.ours(string)) }
        return (ours, try await theirs.value)
    }

    private func ours(_ string: String) async throws -> Attempt {
        let connection: PostgresConnection
        do throws(PostgresError) {
            let environment = ConnectionEnvironment(homeDirectory: home)
            connection = try await PostgresConnection.connect(
                PostgresConfiguration(connectionString: string, environment: environment))
        } catch {
            return Attempt(string: string, verdict: .refused, message: "\(error)")
        }
        let row = try await connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").first()
        await connection.close()
        let isEncrypted = try row?.decode(Bool.self) == true
        #expect((connection.information.tls != nil) == isEncrypted, "\(string)")
        return Attempt(string: string, verdict: isEncrypted ? .encrypted : .clear, message: "connected")
    }

    private static func theirs(_ strings: [String], home: String) async throws -> [String: [Attempt?]] {
        try await withThrowingTaskGroup(of: (String, [Attempt?]).self) { group in
            for libpq in ReferenceLibpq.all {
                group.addTask { ("\(libpq)", try await attempts(of: libpq, strings, home: home)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Nil where this libpq does not know what the string says.
    private static func attempts(
        of libpq: ReferenceLibpq, _ strings: [String], home: String
    ) async throws -> [Attempt?] {
        let known = strings.filter { libpq.knows($0) }
        guard !known.isEmpty else { return strings.map { _ in nil } }
        var rest = Array(zip(known, try await libpq.connect(known, home: home)))[...]
        return strings.map { string in
            guard libpq.knows(string), let (string, attempt) = rest.popFirst() else { return nil }
            return Attempt(string: string, verdict: TLSVerdict(attempt), message: attempt.message)
        }
    }
}

extension ReferenceLibpq {
    /// Before version 16, `system` was the name of a file.
    fileprivate func knows(_ string: String) -> Bool {
        parse(string) != nil && (version >= 160_000 || !string.contains("sslrootcert=system"))
    }
}

extension TLSVerdict {
    fileprivate init(_ attempt: ReferenceLibpq.Attempt) {
        self = attempt.isConnected ? (attempt.isEncrypted ? .encrypted : .clear) : .refused
    }
}
