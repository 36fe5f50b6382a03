import Glibc
import PostgresTesting
import Testing

/// Runs `PostgresTestingOwner`, a process that owns a server, and kills it.
@Suite struct OwnerDeathTests {
    @Test func `a server ends with its killed owner, and its directory goes`() async throws {
        let owner = try await Owner.start()
        let leftovers = Leftovers(dataDirectory: await owner.dataDirectory())
        #expect(leftovers.processes.ids.count > 1)
        await owner.kill()
        #expect(await eventually { !leftovers.isAnything })
        #expect(await eventually { owner.dataDirectories.isEmpty })
    }

    @Test func `an owner killed while it sets the server up leaves nothing behind`() async throws {
        let owner = try await Owner.start()
        let isStarted = await eventually {
            owner.dataDirectories.contains { unsafe access("\($0)/base", F_OK) == 0 }
        }
        #expect(isStarted)
        let leftovers = owner.dataDirectories.map { Leftovers(dataDirectory: $0) }
        await owner.kill()
        #expect(await eventually { !leftovers.contains { $0.isAnything } && owner.dataDirectories.isEmpty })
    }

    @Test func `a server ends with its owner also when postmaster.pid vanished`() async throws {
        let owner = try await Owner.start()
        let dataDirectory = await owner.dataDirectory()
        let leftovers = Leftovers(dataDirectory: dataDirectory)
        #expect(unsafe unlink("\(dataDirectory)/postmaster.pid") == 0)
        await owner.kill()
        #expect(await eventually { !leftovers.isAnything })
    }

    @Test(.enabled(if: geteuid() == 0, "only root can become somebody else"))
    func `an unprivileged owner has a server too`() async throws {
        let owner = try await Owner.start(as: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"])
        let leftovers = Leftovers(dataDirectory: await owner.dataDirectory())
        #expect(leftovers.processes.ids.count > 1)
        await owner.kill()
        #expect(await eventually { !leftovers.isAnything })
    }
}
