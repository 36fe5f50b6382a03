import PostgresTesting
import Testing

@Suite struct ServerBinariesTests {
    @Test func `the newest version found is the one taken when none is asked for`() async throws {
        let all = await ServerBinaries.all()
        let binaries = try await ServerBinaries.find()
        #expect(binaries.version == all.map(\.version).max())
    }

    @Test func `the programs of a wanted version say so themselves`() async throws {
        for candidate in await ServerBinaries.all() {
            let binaries = try await ServerBinaries.find(.major(candidate.version))
            let (status, output) = try await ChildProcess.capture(["\(binaries.directory)/initdb", "--version"])
            #expect(status == .code(0))
            #expect(output.contains(" \(binaries.release)"))
        }
    }

    @Test func `a version that is not there gives an error that says where it looked and what to do`() async throws {
        let error = try #require(
            await #expect(throws: PostgresServerError.self) { try await ServerBinaries.find(.major(99)) })
        #expect(error.code == .binariesNotFound)
        #expect(error.message == "could not find server programs of PostgreSQL 99")
        let detail = try #require(error.detail)
        #expect(detail.contains("POSTGRES_TESTING_BINARIES"))
        #expect(detail.contains("/usr/lib/postgresql"))
        for candidate in await ServerBinaries.all() { #expect(detail.contains(candidate.directory)) }
        #expect(try #require(error.hint).contains("scripts/bootstrap"))
    }

    @Test func `a directory that lacks one of the programs does not count`() async throws {
        let error = await #expect(throws: PostgresServerError.self) { try await ServerBinaries(directory: "/usr/bin") }
        #expect(error?.message == "no initdb")
    }
}
