import PostgresStreaming
import Testing

/// What the pool decides, as traces of events and decisions.
struct PoolStateMachineTests {
    @Test func `a connection comes about when somebody asks, and is lent again`() {
        var pool = PoolMachine()
        #expect(pool.ask(1) == ["connect 0"])
        #expect(pool.connected(0) == ["1 gets 0"])
        #expect(pool.giveBack(0) == [])
        #expect(pool.ask(2) == ["2 gets 0"])
        #expect(pool.statistics.leases == 2 && pool.statistics.opened == 1 && pool.statistics.total == 1)
    }

    @Test func `there are never more connections than the maximum`() {
        var pool = PoolMachine { $0.connectionsMax = 2 }
        #expect((1...5).map { pool.ask($0) } == [["connect 0"], ["connect 1"], [], [], []])
        #expect(pool.connected(1) == ["1 gets 1"])
        #expect(pool.connected(0) == ["2 gets 0"])
        #expect(pool.statistics.waiting == 3 && pool.statistics.leased == 2)
        // A connection that is being cleaned up counts as one.
        #expect(pool.released(0, isSoon: false) == [])
        #expect(pool.ended(0) == ["connect 2"])
    }

    @Test func `those who wait are served in the order in which they came`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        for waiter in 1...4 { #expect(pool.ask(waiter) == []) }
        _ = pool.withdraw(2)
        var order: [String] = []
        for _ in 1...3 { order += pool.giveBack(0) }
        #expect(order == ["1 gets 0", "3 gets 0", "4 gets 0"])
    }

    @Test func `a call that runs on an event loop gets an idle connection of that loop, or else the last used`() {
        var pool = PoolMachine()
        for (id, loop) in [0, 1, 0].enumerated() {
            #expect(pool.ask(id) == ["connect \(id)"])
            #expect(pool.connected(id, onLoop: loop) == ["\(id) gets \(id)"])
        }
        for id in [0, 1, 2] { #expect(pool.giveBack(id) == []) }
        #expect(pool.ask(5, onLoop: 1) == ["5 gets 1"])
        #expect(pool.ask(6, onLoop: 1) == ["6 gets 2"])
        #expect(pool.giveBack(1) == [] && pool.giveBack(2) == [])
        // One that runs elsewhere takes what was used last.
        #expect(pool.ask(7) == ["7 gets 2"] && pool.ask(8, onLoop: 0) == ["8 gets 0"])
    }

    @Test func `a connection is opened on the loop of the call that waits for it`() {
        var pool = PoolMachine()
        #expect(pool.ask(0, onLoop: 3) == ["connect 0"] && pool.loop(of: 0) == 3)
        #expect(pool.connected(0, onLoop: 1) == ["0 gets 0"] && pool.loop(of: 0) == 1)
        #expect(pool.ask(1) == ["connect 1"] && pool.loop(of: 1) == nil)
    }

    @Test func `the connection that was used last is lent first`() {
        var pool = PoolMachine()
        pool.lend(3)
        for id in [1, 0, 2] { #expect(pool.giveBack(id) == []) }
        #expect(pool.ask(7) == ["7 gets 2"] && pool.ask(8) == ["8 gets 0"] && pool.ask(9) == ["9 gets 1"])
    }

    @Test func `nobody connects in place of a connection that comes back in a moment`() {
        var pool = PoolMachine()
        pool.lend(1)
        #expect(pool.released(0) == [])
        #expect(pool.ask(1) == [])
        #expect(pool.ask(2) == ["connect 1"])
        #expect(pool.returned(0) == ["1 gets 0"])
    }

    @Test func `one that needs longer is replaced while it does`() {
        var pool = PoolMachine()
        pool.lend(1)
        #expect(pool.released(0, isSoon: false) == [])
        #expect(pool.ask(1) == ["connect 1"])
    }

    @Test func `a connection that was of no use costs its caller no place`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        _ = pool.ask(1)
        _ = pool.ask(2)
        #expect(pool.giveBack(0) == ["1 gets 0"])
        #expect(pool.ended(0) == ["connect 1"])
        #expect(pool.askAgain(1) == [])
        #expect(pool.connected(1) == ["1 gets 1"])
        #expect(pool.statistics.leases == 2)
    }

    @Test func `a lease that nobody took was none`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        _ = pool.ask(1)
        _ = pool.ask(2)
        #expect(pool.giveBack(0) == ["1 gets 0"])
        #expect(pool.declined(0) == ["2 gets 0"])
        #expect(pool.statistics.leases == 2 && pool.statistics.failures == 1)
    }

    @Test func `one call too many is turned away`() {
        var pool = PoolMachine {
            $0.connectionsMax = 1
            $0.waitersMax = 2
        }
        pool.lend(1)
        #expect((1...3).map { pool.ask($0) } == [[], [], ["3 poolQueueFull"]])
        #expect(pool.statistics.waiting == 2 && pool.statistics.failures == 1)
    }

    // MARK: answers

    @Test func `a connection that was granted before the time was over is the call's`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        _ = pool.ask(1)
        #expect(pool.giveBack(0) == ["1 gets 0"])
        #expect(pool.withdraw(1) == nil, "no error: it has its connection")
        #expect(pool.statistics.leased == 1 && pool.statistics.failures == 0)
        #expect(pool.giveBack(0) == [] && pool.statistics.idle == 1)
    }

    @Test func `a connection that was granted to a call that was cancelled goes to the next one`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        _ = pool.ask(1)
        _ = pool.ask(2)
        #expect(pool.giveBack(0) == ["1 gets 0"])
        #expect(pool.cancelled(1) == ["2 gets 0"])
        #expect(pool.take(1) == nil && pool.take(2) == "has 0")
        #expect(pool.statistics.leases == 2 && pool.statistics.failures == 1)
    }

    @Test func `an answer is taken once`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1)
        #expect(pool.take(1) == nil)
        _ = pool.connected(0)
        #expect(pool.take(1) == "has 0" && pool.take(1) == nil)
    }

    // MARK: nested leases

    @Test func `a task that waits for itself is told`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1, by: 1)
        _ = pool.connected(0)
        #expect(pool.ask(2, by: 1) == ["2 leaseNested"])
        #expect(pool.ask(3, by: 2) == [], "another task may wait")
    }

    @Test func `a circle of tasks is told when it closes`() {
        var pool = PoolMachine { $0.connectionsMax = 2 }
        for task in 1...2 {
            _ = pool.ask(task, by: task)
            _ = pool.connected(task - 1)
        }
        #expect(pool.ask(3, by: 1) == [], "the other task may end its lease")
        #expect(pool.ask(4, by: 2) == ["4 leaseNested"])
        #expect(pool.giveBack(1) == ["3 gets 1"])
    }

    @Test func `a circle that rests on streams is told when it lasts`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1, by: 1, isForStream: true)
        _ = pool.connected(0)
        #expect(pool.ask(2, by: 1) == ["look again at 2"], "the stream may be on its way to another task")
        #expect(pool.lookAgain(at: 2) == ["2 leaseNested"])
    }

    @Test func `a stream that another task reads is in no circle`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1, by: 1, isForStream: true)
        _ = pool.connected(0)
        #expect(pool.ask(2, by: 1) == ["look again at 2"])
        pool.handedOn(0, to: 7)
        #expect(pool.lookAgain(at: 2) == [])
        #expect(pool.giveBack(0) == ["2 gets 0"])
    }

    @Test func `a call that was answered in the meantime is in no circle`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        _ = pool.ask(1, by: 1, isForStream: true)
        _ = pool.connected(0)
        _ = pool.ask(2, by: 1)
        #expect(pool.giveBack(0) == ["2 gets 0"])
        #expect(pool.lookAgain(at: 2) == [] && pool.take(2) == "has 0")
    }

    @Test func `a nested lease for which there is room is none of our business`() {
        var pool = PoolMachine { $0.connectionsMax = 2 }
        _ = pool.ask(1, by: 1)
        _ = pool.connected(0)
        #expect(pool.ask(2, by: 1) == ["connect 1"])
    }

    // MARK: age

    @Test func `a connection that is too old is closed when it comes back`() {
        var pool = PoolMachine { $0.lifetimeMax = .seconds(60) }
        pool.lend(1)
        pool.wait(.seconds(61))
        #expect(pool.giveBack(0) == ["close 0 expired"])
        #expect(pool.ended(0) == [])
    }

    @Test func `on a busy pool as well, and the next in line gets a new one`() {
        var pool = PoolMachine {
            $0.lifetimeMax = .seconds(60)
            $0.connectionsMax = 1
        }
        pool.lend(1)
        pool.wait(.seconds(61))
        _ = pool.ask(1)
        #expect(pool.giveBack(0) == ["close 0 expired"])
        #expect(pool.ended(0) == ["connect 1"])
    }

    @Test func `one that grew too old while nobody looked is not lent`() {
        var pool = PoolMachine { $0.lifetimeMax = .seconds(60) }
        pool.lend(1)
        _ = pool.giveBack(0)
        pool.wait(.seconds(61))
        #expect(pool.ask(1) == ["close 0 expired", "connect 1"])
    }

    @Test func `lifetimes differ by their jitter`() {
        var pool = PoolMachine {
            $0.lifetimeMax = .seconds(100)
            $0.lifetimeJitter = 0.5
        }
        _ = pool.ask(1)
        _ = pool.connected(0, jitter: 1)
        pool.wait(.seconds(51))
        #expect(pool.giveBack(0) == ["close 0 expired"])
    }

    // MARK: upkeep

    @Test func `what nobody uses is closed, down to the minimum, the longest unused first`() {
        var pool = PoolMachine {
            $0.connectionsMin = 1
            $0.idleTimeout = .seconds(10)
            $0.checkIdleTime = .seconds(100)
        }
        pool.lend(3)
        for id in [2, 0, 1] {
            _ = pool.giveBack(id)
            pool.wait(.seconds(1))
        }
        pool.wait(.milliseconds(7_500))
        #expect(pool.tick() == ["close 2 unused"])
        _ = pool.ended(2)
        pool.wait(.seconds(60))
        #expect(pool.tick() == ["close 0 unused"])
        _ = pool.ended(0)
        #expect(pool.tick() == [])
    }

    @Test func `the minimum is kept`() {
        var pool = PoolMachine { $0.connectionsMin = 2 }
        #expect(pool.tick() == ["connect 0", "connect 1"])
        #expect(pool.tick() == [])
        _ = pool.connected(0)
        _ = pool.connected(1)
        #expect(pool.ended(1) == ["connect 2"])
    }

    @Test func `a large minimum comes about a few at a time`() {
        var pool = PoolMachine {
            $0.connectionsMin = 20
            $0.connectionsMax = 20
        }
        #expect(pool.tick().count == 8)
        #expect(pool.connected(0) == ["connect 8"])
    }

    @Test func `a check keeps a connection alive but does not count as use`() {
        var pool = PoolMachine {
            $0.checkIdleTime = .seconds(10)
            $0.idleTimeout = .seconds(25)
        }
        pool.lend(1)
        _ = pool.giveBack(0)
        for _ in 1...2 {
            pool.wait(.seconds(10))
            #expect(pool.tick() == ["check 0"])
            #expect(pool.returned(0) == [])
        }
        pool.wait(.seconds(6))
        #expect(pool.tick() == ["close 0 unused"])
    }

    @Test func `a call waits for a connection that is being checked`() {
        var pool = PoolMachine { $0.checkIdleTime = .seconds(10) }
        pool.lend(1)
        _ = pool.giveBack(0)
        pool.wait(.seconds(10))
        #expect(pool.tick() == ["check 0"])
        #expect(pool.ask(1) == [])
        #expect(pool.ended(0) == ["connect 1"], "it did not answer")
    }

    @Test func `one that was idle for long is to be checked before it is lent`() {
        var pool = PoolMachine { $0.checkIdleTime = .seconds(10) }
        pool.lend(1)
        _ = pool.giveBack(0)
        pool.wait(.seconds(11))
        #expect(pool.ask(1) == ["1 gets 0 to check"])
    }

    @Test func `a lease that lasts long is reported once, with its label`() {
        var pool = PoolMachine { $0.longLeaseThreshold = .seconds(5) }
        _ = pool.ask(1, label: "import")
        _ = pool.connected(0)
        pool.wait(.seconds(5))
        #expect(pool.tick() == ["report 0 import 5.0 seconds"])
        #expect(pool.tick() == [])
    }

    // MARK: bounds

    @Test func `a pool that grows serves those who wait, one that shrinks closes what is too much`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        _ = pool.ask(1)
        _ = pool.ask(2)
        #expect(pool.resize(0...3) == ["connect 1", "connect 2"])
        _ = pool.connected(1)
        _ = pool.connected(2)
        _ = pool.giveBack(0)
        #expect(pool.resize(0...1) == ["close 0 unused"])
        _ = pool.ended(0)
        #expect(pool.giveBack(2) == ["close 2 unused"])
        _ = pool.ended(2)
        #expect(pool.giveBack(1) == [])
    }

    @Test func `connections of a server that lost its role go as soon as they are free`() {
        var pool = PoolMachine()
        pool.lend(2)
        _ = pool.giveBack(0)
        #expect(pool.evict([0, 1]) == ["close 0 demoted"])
        #expect(pool.giveBack(1) == ["close 1 demoted"])
    }

    // MARK: the end

    @Test func `a closed pool turns everybody away and ends with its last lease`() {
        var pool = PoolMachine { $0.connectionsMax = 2 }
        pool.lend(2)
        _ = pool.giveBack(1)
        #expect(pool.shutDown() == ["close 1 shutDown"])
        #expect(pool.ended(1) == [])
        #expect(pool.ask(4) == ["4 poolClosed"] && pool.tick() == [])
        #expect(pool.released(0) == [] && pool.returned(0) == ["close 0 shutDown"])
        #expect(pool.ended(0) == ["finish"])
    }

    @Test func `calls that wait when a pool is closed are turned away`() {
        var pool = PoolMachine { $0.connectionsMax = 1 }
        pool.lend(1)
        _ = pool.ask(1)
        #expect(pool.shutDown() == ["1 poolClosed"])
    }

    @Test func `a pool without connections ends at once`() {
        var pool = PoolMachine()
        #expect(pool.shutDown() == ["finish"])
    }
}
