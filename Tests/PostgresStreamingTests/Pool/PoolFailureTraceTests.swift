import PostgresStreaming
import Testing

/// What the pool decides when connecting fails or too much is asked of it.
struct PoolFailureTraceTests {
    @Test func `what no further attempt would change is said to everybody at once`() {
        for code in [
            PostgresError.Code.authenticationFailed, .connectRefusedByServer, .configurationInvalid, .tlsFailed,
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
        #expect(pool.connectFailed(0, .connectFailed) == [], "others are under way")
        #expect(pool.connectFailed(1, .connectFailed) == [])
        #expect(pool.connectFailed(2, .connectFailed) == ["retry"])
        pool.wait(.milliseconds(200))
        #expect(pool.retry() == ["retry"], "the third failure doubled the pause twice, up to its limit")
        pool.wait(.milliseconds(100))
        #expect(pool.retry() == ["connect 3"])
        #expect(pool.connected(3) == ["1 gets 3", "connect 4", "connect 5"], "and then all at once")
    }

    @Test func `a call that waited in vain is told what the last attempt met`() {
        var pool = PoolMachine()
        _ = pool.ask(1)
        _ = pool.connectFailed(0, .connectFailed)
        #expect(pool.withdraw(1).code == .connectFailed)
    }

    @Test func `where connections are lent it is told of them`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1, label: "import")
        _ = pool.connected(0)
        _ = pool.ask(2)
        _ = pool.ask(3)
        pool.wait(.milliseconds(1_500))
        let error = pool.withdraw(2)
        #expect(error.code == .poolTimedOut && error.isRetrySafe)
        #expect(
            error.message
                == "no connection became free within 1.5 s: 1 are lent, the longest for 1.5 s by \"import\", 1 other calls wait"
        )
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
