import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Pausing a stream, as the server and the network see it.
@Suite(.timeLimit(.minutes(1))) struct PausedServerTests {
    @Test(arguments: LiveServer.allCases)
    func `while a stream is paused the server waits and not one byte is read`(_ live: LiveServer) async throws {
        let server = try await live.server
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let url = server.tcpURL.replacing(":\(server.port)/", with: ":\(proxy.port)/")
            let connection = try await PostgresConnection.connect(url)
            let processID = try await connection.processID()
            let rows = try await connection.query("SELECT generate_series(1, 3000000)::int8")
            let control = rows.control
            var numbers = rows.decode(Int.self).makeAsyncIterator()
            var count = try await numbers.next() == 1 ? 1 : 0
            control.pause()
            let observation = Task {
                let observer = try await live.connect()
                try await observer.expectBackend(processID) { $0.waitEvent == "ClientWrite" }
                // The kernel of the client takes a little more now and then, until its buffer is full.
                var (bytes, before) = (-1, control.statistics)
                for _ in 1...20 where bytes != proxy.bytesToClients {
                    (bytes, before) = (proxy.bytesToClients, control.statistics)
                    try await observer.execute("SELECT pg_sleep(0.3)")
                }
                #expect(try await observer.backend(processID) == Backend(state: "active", waitEvent: "ClientWrite"))
                #expect(proxy.bytesToClients == bytes && bytes < 20_000_000)
                let after = control.statistics
                #expect(after.rows == before.rows && after.bytes == before.bytes)
                #expect(after.bufferedBytes == before.bufferedBytes)
                #expect(after.pausedTime > before.pausedTime)
                control.resume()
            }
            while try await numbers.next() != nil { count += 1 }
            try await observation.value
            #expect(count == 3_000_000)
            #expect(control.statistics.rows == 3_000_000)
        }
    }

    @Test func `rows in hand stay readable while a stream is paused`() async throws {
        let more = Gate()
        let (first, last) = (BackendBytes.beginning.rows(1...100).bytes, BackendBytes().rows(101...200))
        let query = script(
            .welcome, [.expect("PBDES"), .send(first), .hold(until: more)],
            [.send(last.complete("SELECT 200").ready().bytes), .expectEnd])
        try await ScriptedServer.run(query, on: .abstractUnix) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let options = StreamOptions {
                $0.isAdaptive = false
                $0.chunkSize = 7
            }
            let rows = try await connection.query("SELECT n FROM numbers", options: options)
            var numbers: [Int] = []
            for try await chunk in rows.chunks {
                if numbers.isEmpty { rows.control.pause(reason: "enough for now") }
                for row in chunk { numbers.append(try row.decode(Int.self)) }
                guard numbers.count == 100 else { continue }
                // All that had come was handed out, and only now somebody lets it go on.
                #expect(rows.control.state == .paused(reason: "enough for now"))
                more.open()
                rows.control.resume()
            }
            #expect(numbers == Array(1...200))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `nothing is lost or doubled while others pause and resume at random`(_ live: LiveServer) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let rows = try await live.connect().query("SELECT generate_series(1, 1000000)::int8")
        let control = rows.control
        let meddlers = (0..<3 as Range<UInt64>).map { number in
            Task {
                var generator = SeededGenerator(seed: seed &+ number)
                var pauses = 0
                while control.state != .completed, control.state != .failed {
                    switch Int.random(in: 0..<6, using: &generator) {
                    case 0: control.pause(reason: "\(number)", for: .microseconds(50))
                    case 1: control.pause()
                    case 2: _ = control.statistics
                    default: control.resume()
                    }
                    pauses += 1
                    await Task.yield()
                }
                return pauses
            }
        }
        let total = try await total(rows)
        #expect(total.count == 1_000_000 && total.sum == 500_000_500_000, "seed \(seed)")
        #expect(control.state == .completed)
        for meddler in meddlers { #expect(await meddler.value > 0) }
    }
}
