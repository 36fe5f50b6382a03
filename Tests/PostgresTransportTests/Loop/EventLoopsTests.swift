import PostgresTransport
import Testing

/// Which loop a connection belongs to.
@Suite(.timeLimit(.minutes(1))) struct EventLoopsTests {
    @Test func `connections go to the loops in turn, as many as there may be`() throws {
        let loops = try (0..<4 * EventLoops.countMax).map { _ in try EventLoops.forConnection() }
        // Where other tests have left connections open, the loops that have fewer come first.
        let all = try (0..<EventLoops.countMax).map { try EventLoops.forConnection(on: $0) }
        let least = all.map(\.socketCount).min()
        #expect(Set(all.map(\.number)) == Set(0..<EventLoops.countMax))
        #expect(Set(loops.map(\.number)) == Set(all.filter { $0.socketCount == least }.map(\.number)))
    }

    @Test func `a connection that is opened on a loop stays there`() async throws {
        for _ in 0..<EventLoops.countMax {
            let loop = try EventLoops.forConnection()
            let (current, own) = try await withTaskExecutorPreference(loop) { @concurrent in
                (EventLoops.current, try EventLoops.forConnection())
            }
            #expect(current === loop && own === loop)
        }
        #expect(EventLoops.current == nil)
    }

    @Test func `a loop is found by its number, and one that is not there is another`() throws {
        let first = try EventLoops.first()
        #expect(try EventLoops.forConnection(on: 0) === first && first.number == 0)
        #expect(try EventLoops.forConnection(on: 4_096).number != nil)
    }

    @Test func `a loop that asks over and over does what other threads want of it`() async throws {
        let loop = try EventLoop()
        defer { loop.stop() }
        loop.busyPollTime = .milliseconds(200)
        let cell = ReadinessCell(loop: loop)
        // Waits that are over soon, after which it asks over and over.
        for _ in 0..<20 {
            await withTaskExecutorPreference(loop) { @concurrent in
                _ = await cell.wait(for: [], deadline: .now + .microseconds(100))
            }
        }
        for _ in 0..<100 {
            let isOnLoop = await withTaskExecutorPreference(loop) { @concurrent in loop.isCurrent }
            #expect(isOnLoop)
        }
    }

    @Test func `no time is too long or too short for a loop to ask over and over`() async throws {
        let loop = try EventLoop()
        defer { loop.stop() }
        let cell = ReadinessCell(loop: loop)
        for (time, kept) in [(Duration.seconds(Int64.max), Duration.seconds(60)), (.seconds(-1), .zero)] {
            loop.busyPollTime = time
            #expect(loop.busyPollTime == kept)
            for _ in 0..<10 { _ = await cell.wait(for: .readable, deadline: .now + .microseconds(100)) }
        }
    }

    @Test func `a deadline comes in time while a loop asks over and over`() async throws {
        let loop = try EventLoop()
        defer { loop.stop() }
        loop.busyPollTime = .seconds(60)
        let cell = ReadinessCell(loop: loop)
        let start = MonotonicTime.now
        for _ in 0..<20 { #expect(await cell.wait(for: .readable, deadline: .now + .milliseconds(1)) == .timedOut) }
        #expect(MonotonicTime.now - start < .seconds(30))
    }
}
