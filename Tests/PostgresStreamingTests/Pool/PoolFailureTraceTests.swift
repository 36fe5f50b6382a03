import PostgresStreaming
import Testing

/// What the pool decides when connecting fails or too much is asked of it.
struct PoolFailureTraceTests {
    @Test func `what no further attempt would change is said to everybody at once`() {
        for code in [
            PostgresError.Code.authenticationFailed, .configurationInvalid, .tlsFailed, .protocolVersionRefused,
            .serverNotVerified, .authenticationMethodRefused,
        ] {
            var pool = PoolMachine { $0.connectionsMax = 1 }
            _ = pool.ask(1)
            _ = pool.ask(2)
            #expect(pool.connectFailed(0, code) == ["1 \(code)", "2 \(code)"])
            #expect(pool.ask(3) == ["3 \(code)"], "nor is it tried again at once")
            pool.wait(.seconds(1))
            #expect(pool.ask(4) == ["connect 1"], "but after a while")
        }
    }

    @Test func `what may pass is tried again, one attempt at a time and ever more rarely`() {
        var pool = PoolMachine {
            $0.backoffMin = .milliseconds(100)
            $0.backoffMax = .milliseconds(300)
        }
        for waiter in 1...3 { _ = pool.ask(waiter) }
        #expect(pool.connectFailed(0, .connectTimedOut) == [], "others are under way")
        #expect(pool.connectFailed(1, .connectTimedOut) == [])
        #expect(pool.connectFailed(2, .connectTimedOut) == ["retry"])
        pool.wait(.milliseconds(100))
        #expect(pool.retry() == ["connect 3"], "a burst of failures counts once")
        #expect(pool.connectFailed(3, .connectTimedOut) == ["retry"])
        pool.wait(.milliseconds(199))
        #expect(pool.retry() == ["retry"], "the second round doubled the pause")
        pool.wait(.milliseconds(1))
        #expect(pool.retry() == ["connect 4"])
        #expect(pool.connectFailed(4, .connectTimedOut) == ["retry"])
        pool.wait(.milliseconds(299))
        #expect(pool.retry() == ["retry"])
        pool.wait(.milliseconds(1))
        #expect(pool.retry() == ["connect 5"], "up to its limit")
        #expect(pool.connected(5) == ["1 gets 5", "connect 6", "connect 7"], "and then all at once")
    }

    @Test func `an attempt of an earlier round that fails later does not count again`() {
        var pool = PoolMachine { $0.backoffMin = .milliseconds(100) }
        for waiter in 1...2 { _ = pool.ask(waiter) }
        #expect(pool.connectFailed(0, .connectTimedOut) == [])
        pool.wait(.milliseconds(100))
        #expect(pool.retry() == [], "the other attempt is still under way")
        pool.wait(.milliseconds(50))
        #expect(pool.connectFailed(1, .connectTimedOut) == ["connect 2"], "the pause ended long ago")
    }

    @Test func `a server that answers is asked again soon`() {
        var pool = PoolMachine {
            $0.backoffMin = .milliseconds(100)
            $0.backoffMax = .seconds(2)
            $0.answeredBackoffMax = .milliseconds(150)
        }
        _ = pool.ask(1)
        for id in 0..<10 {
            #expect(pool.connectFailed(id, .connectRefusedByServer) == ["retry"])
            pool.wait(.milliseconds(150))
            #expect(pool.retry() == ["connect \(id + 1)"])
        }
        #expect(pool.connectFailed(10, .connectTimedOut) == ["retry"])
        pool.wait(.milliseconds(1_999))
        #expect(pool.retry() == ["retry"], "one that does not answer is not")
    }

    @Test func `a call that waited in vain is told what the last attempt met`() {
        var pool = PoolMachine()
        _ = pool.ask(1)
        _ = pool.connectFailed(0, .connectFailed)
        #expect(pool.withdraw(1)?.code == .connectFailed)
    }

    @Test func `where connections are lent it is told of them`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1, label: "import")
        _ = pool.connected(0)
        _ = pool.ask(2)
        _ = pool.ask(3)
        pool.wait(.milliseconds(1_500))
        let error = pool.withdraw(2)
        #expect(error?.code == .poolTimedOut && error?.isRetrySafe == true)
        #expect(
            error?.message
                == "no connection became free within 1.5 s: 1 of 1 lent, the longest for 1.5 s by \"import\", 1 other call waits"
        )
        #expect(error?.hint?.hasPrefix("Raise connectionsMax") == true)
    }

    @Test func `where none is lent it is told of the attempts that are under way`() {
        var pool = PoolMachine { $0.connectionsMax = 2 }
        _ = pool.ask(1)
        pool.wait(.milliseconds(250))
        let error = pool.withdraw(1, underWay: ["db.example:5432 for 250 ms"])
        #expect(
            error?.message
                == "no connection became free within 250 ms: 0 of 2 lent, 1 being opened (db.example:5432 for 250 ms)")
        #expect(error?.hint == "The server takes long to answer; see connect_timeout and leaseTimeout.")
    }

    @Test func `a failure while connections are lent turns nobody away`() {
        var pool = PoolMachine { $0.connectionsMax = 2 }
        pool.lend(1)
        #expect(pool.ask(1) == ["connect 1"])
        #expect(pool.connectFailed(1, .authenticationFailed) == ["retry"])
        #expect(pool.giveBack(0) == ["1 gets 0"])
    }

    // MARK: overload

    /// A pool of one connection whose leases take a tenth of a second while more calls come than it can serve.
    private func overloaded(target: Duration?) -> [String] {
        var pool = PoolMachine {
            $0.connectionsMax = 1
            $0.overloadTarget = target
            $0.overloadInterval = .seconds(1)
        }
        pool.lend(1)
        var decisions: [String] = []
        for waiter in 1...60 {
            decisions += pool.ask(2 * waiter) + pool.ask(2 * waiter + 1)
            pool.wait(.milliseconds(100))
            decisions += pool.giveBack(0)
        }
        return decisions
    }

    @Test func `while waiting stays long the oldest calls are turned away and the others served`() {
        let decisions = overloaded(target: .milliseconds(200))
        let turnedAway = decisions.filter { $0.hasSuffix("poolOverloaded") }
        let served = decisions.filter { $0.contains("gets") }
        #expect(turnedAway.count > 20, "two calls come for each that can be served")
        #expect(served.count == 60, "the connection is never idle")
    }

    @Test func `nobody is turned away unless that was asked for`() {
        #expect(!overloaded(target: nil).contains { $0.hasSuffix("poolOverloaded") })
    }

    @Test func `a short burst is no overload`() {
        var pool = PoolMachine {
            $0.connectionsMax = 1
            $0.overloadTarget = .milliseconds(200)
        }
        pool.lend(1)
        var decisions: [String] = []
        for waiter in 1...8 { decisions += pool.ask(waiter) }
        for _ in 1...8 {
            pool.wait(.milliseconds(100))
            decisions += pool.giveBack(0)
        }
        #expect(decisions.count == 8 && decisions.allSatisfy { $0.contains("gets") })
    }
}
