import PostgresTestSupport
import PostgresTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ResolverTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoops.first() }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:5432"), ("::1", "[::1]:5432"), ("2001:db8::7", "[2001:db8::7]:5432"),
    ])
    func `a numeric address is itself`(host: String, description: String) async throws {
        let addresses = try await Resolver.resolve(host: host, port: 5432, on: loop, deadline: nil)
        #expect(addresses.map(\.description) == [description])
    }

    @Test func `localhost has a loopback address`() async throws {
        let addresses = try await Resolver.resolve(host: "localhost", port: 1, on: loop, deadline: nil)
        #expect(addresses.allSatisfy { ["127.0.0.1:1", "[::1]:1"].contains($0.description) })
        #expect(!addresses.isEmpty)
    }

    @Test func `an unknown host is an error that names it`() async throws {
        do throws(TransportError) {
            let deadline = MonotonicTime.now + .seconds(30)
            _ = try await Resolver.resolve(host: "no-such-host.invalid", port: 1, on: loop, deadline: deadline)
            Issue.record("it has an address")
        } catch .unresolved(let host, let reason) {
            #expect(host == "no-such-host.invalid")
            #expect(!reason.isEmpty)
        } catch .timedOut {
            // A machine whose name server does not answer.
        } catch {
            Issue.record(error)
        }
    }

    @Test func `a task that was cancelled waits for no look-up`() async {
        let gate = Gate()
        let lookUp = Task { [loop] in
            await gate.wait()
            await #expect(throws: TransportError.cancelled) {
                _ = try await Resolver.resolve(host: "no-such-host.invalid", port: 1, on: loop, deadline: nil)
            }
        }
        lookUp.cancel()
        _ = await lookUp.value
    }
}
