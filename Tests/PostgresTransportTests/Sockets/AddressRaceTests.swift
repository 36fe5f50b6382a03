import PostgresTestSupport
import PostgresTransport
import Testing

/// Connecting to a host that has several addresses.
@Suite(.timeLimit(.minutes(1))) struct AddressRaceTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoops.first() }

    private func address(_ port: UInt16, _ host: String = "127.0.0.1") throws -> SocketAddress {
        try Resolver.address(numeric: host, port: port)
    }

    /// A port where nobody listens.
    private func closedPort(_ place: TestListener.Place = .ipv4) -> UInt16? {
        guard let listener = TestListener(place) else { return nil }
        defer { listener.close() }
        return listener.port
    }

    private func refusedAddress() throws -> SocketAddress { try address(#require(closedPort())) }

    private func connect(
        _ addresses: [SocketAddress], within time: Duration = .seconds(30), each limit: Duration? = nil
    ) async throws(TransportError) -> sending (Socket, SocketAddress) {
        let winner = try await AddressRace.first(of: addresses, within: limit, on: loop, deadline: .now + time)
        return (winner.socket, winner.address)
    }

    /// What became of the addresses, in the order in which they were tried.
    private func failures(
        _ addresses: [SocketAddress], within time: Duration, each limit: Duration? = nil
    ) async -> [UnreachableAddress] {
        do throws(TransportError) {
            _ = try await connect(addresses, within: time, each: limit)
            Issue.record("somebody answered")
        } catch .unreachable(let tried) {
            return tried
        } catch {
            Issue.record(error)
        }
        return []
    }

    private func durationOfConnectingToLast(of addresses: [SocketAddress]) async throws -> Duration {
        try await elapsed {
            let (_, winner) = try await connect(addresses)
            #expect(winner == addresses.last)
        }
    }

    private func elapsed(_ body: () async throws -> Void) async rethrows -> Duration {
        let start = MonotonicTime.now
        try await body()
        return MonotonicTime.now - start
    }

    @Test func `after a refusal the next address is tried at once`() async throws {
        let listener = try #require(TestListener(.ipv4))
        let addresses = try (0..<8).map { _ in try refusedAddress() } + [address(listener.port)]
        let duration = try await durationOfConnectingToLast(of: addresses)
        // One step of the stagger alone is 250 ms.
        #expect(duration < .milliseconds(1500))
        listener.close()
    }

    @Test func `a silent address is overtaken after a quarter of a second, and its socket closed`() async throws {
        let hole = try #require(BlackHole())
        let listener = try #require(TestListener(.ipv4))
        let fillers = OpenSockets.descriptors(to: hole.port)
        let addresses = try [address(hole.port), address(listener.port)]
        let duration = try await elapsed {
            let (socket, winner) = try await connect(addresses)
            #expect(winner == addresses[1])
            #expect(OpenSockets.descriptors(to: hole.port) == fillers)
            #expect(OpenSockets.descriptors(to: listener.port).count == 1)
            socket.close()
        }
        #expect(duration >= .milliseconds(250) && duration < .seconds(3))
        #expect(OpenSockets.descriptors(to: listener.port).isEmpty)
        listener.close()
    }

    @Test func `a refusal gives the next its turn also while a silent address is waited for`() async throws {
        let hole = try #require(BlackHole())
        let listener = try #require(TestListener(.ipv4))
        let refused = try (0..<16).map { _ in try refusedAddress() }
        let addresses = try [address(hole.port)] + refused + [address(listener.port)]
        let duration = try await durationOfConnectingToLast(of: addresses)
        // A quarter of a second each would be four seconds.
        #expect(duration < .seconds(2))
        listener.close()
    }

    @Test func `the first to answer leaves no socket to the others behind`() async throws {
        let first = try #require(TestListener(.ipv4))
        let second = try #require(TestListener(.ipv4))
        let (socket, winner) = try await connect([address(first.port), address(second.port)])
        #expect(try winner == address(first.port))
        #expect(OpenSockets.descriptors(to: first.port).count == 1)
        #expect(OpenSockets.descriptors(to: second.port).isEmpty)
        socket.close()
        first.close()
        second.close()
    }

    @Test func `the families take turns, the first one's first`() async throws {
        // Machines without IPv6 have nothing to take turns with.
        guard let six = closedPort(.ipv6), let otherSix = closedPort(.ipv6) else { return }
        let fours = try (0..<3).map { _ in try refusedAddress() }
        let sixes = try [address(six, "::1"), address(otherSix, "::1")]
        let tried = await failures(fours + sixes, within: .seconds(30))
        #expect(tried.map(\.address) == [fours[0], sixes[0], fours[1], sixes[1], fours[2]].map(\.description))
        let other = await failures(sixes + fours, within: .seconds(30))
        #expect(other.map(\.address) == [sixes[0], fours[0], sixes[1], fours[1], fours[2]].map(\.description))
    }

    @Test func `where all refuse, each is named with its reason`() async throws {
        let addresses = try (0..<3).map { _ in try refusedAddress() }
        let tried = await failures(addresses, within: .seconds(30))
        #expect(tried.map(\.address) == addresses.map(\.description))
        // ECONNREFUSED on Linux.
        #expect(tried.map(\.code) == [111, 111, 111])
    }

    @Test func `where all are silent, each is named without a reason when time is over`() async throws {
        let holes = try [#require(BlackHole()), #require(BlackHole())]
        let fillers = holes.map { OpenSockets.descriptors(to: $0.port) }
        let addresses = try holes.map { try address($0.port) }
        let duration = await elapsed {
            let tried = await failures(addresses, within: .milliseconds(400))
            #expect(tried.map(\.address) == addresses.map(\.description))
            #expect(tried.map(\.code) == [nil, nil])
        }
        #expect(duration >= .milliseconds(400) && duration < .milliseconds(1400))
        #expect(holes.map { OpenSockets.descriptors(to: $0.port) } == fillers)
    }

    @Test func `each silent address has the time of one from when its turn came`() async throws {
        let holes = try [#require(BlackHole()), #require(BlackHole()), #require(BlackHole())]
        let fillers = holes.map { OpenSockets.descriptors(to: $0.port) }
        let addresses = try holes.map { try address($0.port) }
        let duration = await elapsed {
            let tried = await failures(addresses, within: .seconds(30), each: .milliseconds(400))
            #expect(tried.map(\.address) == addresses.map(\.description))
            #expect(tried.map(\.code) == [nil, nil, nil])
        }
        // The last one's turn comes when the first one's time is over.
        #expect(duration >= .milliseconds(800) && duration < .milliseconds(1800))
        #expect(holes.map { OpenSockets.descriptors(to: $0.port) } == fillers)
    }

    @Test func `a silent address whose time is over gives the next its turn, and is reported`() async throws {
        let hole = try #require(BlackHole())
        let listener = try #require(TestListener(.ipv4))
        let addresses = try [address(hole.port), address(listener.port)]
        let start = MonotonicTime.now
        let winner = try await AddressRace.first(
            of: addresses, within: .milliseconds(100), on: loop, deadline: .now + .seconds(30))
        #expect(winner.address == addresses[1])
        #expect(winner.failures.map(\.place) == [addresses[0]])
        #expect(winner.start - start >= .milliseconds(100) && winner.start - start < .seconds(1))
        winner.socket.close()
        listener.close()
    }

    @Test func `a single silent address has the time of one`() async throws {
        let hole = try #require(BlackHole())
        let duration = await elapsed {
            await #expect(throws: TransportError.timedOut) {
                _ = try await connect([address(hole.port)], each: .milliseconds(100))
            }
        }
        #expect(duration >= .milliseconds(100) && duration < .seconds(1))
    }

    @Test func `cancelling ends the race at once, and no socket stays`() async throws {
        let hole = try #require(BlackHole())
        let fillers = OpenSockets.descriptors(to: hole.port)
        let race = Task { [self, addresses = try [address(hole.port), address(hole.port)]] in
            await #expect(throws: TransportError.cancelled) { _ = try await connect(addresses) }
        }
        while OpenSockets.descriptors(to: hole.port).count == fillers.count { await Task.yield() }
        let duration = await elapsed {
            race.cancel()
            _ = await race.value
        }
        #expect(duration < .seconds(1))
        #expect(OpenSockets.descriptors(to: hole.port) == fillers)
    }

    @Test func `hundreds of addresses take no longer than the time allowed`() async throws {
        let hole = try #require(BlackHole())
        let silent = [SocketAddress](repeating: try address(hole.port), count: 300)
        let duration = await elapsed {
            let tried = await failures(silent, within: .milliseconds(600))
            // A quarter of a second apart: at 0, 250 and 500 ms.
            #expect((1...3).contains(tried.count))
        }
        #expect(duration >= .milliseconds(600) && duration < .milliseconds(1600))
        let refused = [SocketAddress](repeating: try refusedAddress(), count: 300)
        #expect(await failures(refused, within: .seconds(30)).count == 300)
    }

    @Test func `no address at all is unreachable`() async {
        #expect(await failures([], within: .seconds(1)).isEmpty)
    }

    @Test func `a winner reads and writes as any socket, though the race woke its waits`() async throws {
        let hole = try #require(BlackHole())
        let refused = try refusedAddress()
        let bytes = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let message = [UInt8(ascii: "d"), 0, 0x40, 0, 4] + bytes
        try await ScriptedServer.run([.expect("d"), .send(bytes), .expectEnd]) { server in
            let (socket, _) = try await connect([address(hole.port), refused, address(server.port)])
            var rest = message[...]
            while !rest.isEmpty {
                let count = try socket.write(Array(rest.prefix(1 << 20)))
                rest = rest.dropFirst(count)
                if count == 0 { try await socket.wait(for: .writable, deadline: .now + .seconds(10)) }
            }
            var received: [UInt8] = []
            while received.count < bytes.count {
                let some = try socket.readSome()
                received += some
                if some.isEmpty { try await socket.wait(for: .readable, deadline: .now + .seconds(10)) }
            }
            #expect(received == bytes)
            // Nothing comes any more, and after the last stale signal a wait lasts until its end.
            await #expect(throws: TransportError.timedOut) {
                while true { try await socket.wait(for: .readable, deadline: .now + .milliseconds(20)) }
            }
            socket.close()
            #expect(server.transcripts[0].frames.first?.body == bytes)
        }
    }
}
