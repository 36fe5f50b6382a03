import Glibc
import PostgresTesting
import Testing

@Suite struct ServerFaultTests {
    @Test func `restart keeps the data and the port`() async throws {
        try await PostgresServer.withServer { server in
            _ = try await Client.answer(to: "CREATE TABLE kept (a int)", from: server)
            try await server.restart()
            #expect(try await Client.answer(to: "SELECT count(*) FROM kept", from: server, url: server.tcpURL) == "0")
        }
    }

    @Test func `a killed server has no process left and starts again with its data`() async throws {
        try await PostgresServer.withServer { server in
            _ = try await Client.answer(to: "CREATE TABLE kept (a int)", from: server)
            _ = try await Client.answer(to: "CHECKPOINT", from: server)
            await server.kill()
            let leftovers = Leftovers(of: server)
            #expect(leftovers.processes.ids.isEmpty)
            #expect(leftovers.isDirectoryThere)
            #expect(await !server.isRunning)
            try await server.restart()
            #expect(try await Client.answer(to: "SELECT count(*) FROM kept", from: server) == "0")
        }
    }

    @Test func `a killed server leaves no shared memory once it is stopped`() async throws {
        let server = try await PostgresServer.start()
        let segment = try #require(try await sharedMemorySegment(of: server))
        await server.kill()
        #expect(try await segments().contains(segment))
        await server.stop()
        #expect(try await !segments().contains(segment))
    }

    @Test func `a suspended server hangs until it is resumed`() async throws {
        try await PostgresServer.withServer { server in
            let processes = ServerProcesses(dataDirectory: server.dataDirectory)
            await server.suspend()
            for id in processes.ids {
                let (_, state) = try await ChildProcess.capture(["ps", "-o", "stat=", "\(id)"])
                #expect(state.hasPrefix("T"))
            }
            async let answer = Client.answer(to: "SELECT 1", from: server)
            await server.resume()
            #expect(try await answer == "1")
        }
    }

    @Test func `a suspended server can be stopped`() async throws {
        let server = try await PostgresServer.start()
        let leftovers = Leftovers(of: server)
        await server.suspend()
        await server.stop()
        #expect(!leftovers.isAnything)
    }

    @Test func `a stopped server cannot be restarted`() async throws {
        let server = try await PostgresServer.start()
        await server.stop()
        let error = await #expect(throws: PostgresServerError.self) { try await server.restart() }
        #expect(error?.code == .stopped)
    }

    /// The second number in line 7 of postmaster.pid.
    private func sharedMemorySegment(of server: PostgresServer) async throws -> String? {
        let (_, line) = try await ChildProcess.capture(["sed", "-n", "7p", "\(server.dataDirectory)/postmaster.pid"])
        return line.split(whereSeparator: \.isWhitespace).last.map(String.init)
    }

    private func segments() async throws -> [String] {
        let (_, table) = try await ChildProcess.capture(["ipcs", "-m"])
        return table.split(separator: "\n").compactMap { row in
            let fields = row.split(separator: " ")
            return fields.count > 1 ? String(fields[1]) : nil
        }
    }
}
