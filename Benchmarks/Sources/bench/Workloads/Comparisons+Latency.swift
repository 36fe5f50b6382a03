extension Comparisons {
    private var loop: Client { .own("loop") }
    private var pool: Client { .own("pool") }

    var firstRow: [Comparison] {
        let rows = min(scale.narrowRows, 100_000)
        let sql = "SELECT id, a, b FROM narrow LIMIT \(rows)"
        return [
            Comparison(
                workload: .firstRow, kind: .firstRow, title: "first row of \(rows), on a fresh connection",
                job: "narrow", sql: sql, columns: "iif", rows: rows,
                clients: [.libpq, .own(), .own(place: "pool"), .chunkedLibpq(chunkedLibpq)] + Client.python,
                secondsGuess: 0.1),
            Comparison(
                workload: .firstRow, kind: .operations, title: "first row of \(rows), on a used connection",
                job: "first-row", sql: sql, columns: "iif", rows: scale.firstRows, clients: [loop, pool],
                notes: ["Each operation reads all rows; the latency is that of the first one."],
                secondsGuess: Double(scale.firstRows) * 0.02),
        ]
    }

    var earlyExit: Comparison {
        Comparison(
            workload: .earlyExit, kind: .operations,
            title: "early exit: an endless result left after 5 rows, until the next query's answer",
            job: "early-exit", sql: "SELECT generate_series(1, 1000000000000)", rows: scale.earlyExits,
            clients: [loop, pool],
            budgets: [loop, pool].map { Budget(figure: .median, own: $0, limit: 50_000, yardstick: .absolute) },
            secondsGuess: Double(scale.earlyExits) * 0.01)
    }

    var roundTrips: [Comparison] {
        [Comparison.Source.server, .serverTCP].flatMap { source in
            Comparison.Pinning.allCases.filter { $0 == .none || cores > 1 }.map { roundTrip(source, $0) }
        }
    }

    private func roundTrip(_ source: Comparison.Source, _ pinning: Comparison.Pinning) -> Comparison {
        var budgets = [
            Budget(figure: .median, own: loop, limit: 0.60, yardstick: .times(.libpq), remark: ", with the spin"),
            Budget(figure: .median, own: loop, limit: 1.10, yardstick: .times(.libpq), remark: ", with the spin off"),
            Budget(figure: .cpuPerOperation, own: loop, limit: 1.15, yardstick: .times(.libpq)),
        ]
        switch pinning {
        case .none: break
        case .apart: budgets.append(Budget(figure: .median, own: pool, limit: 1.5, yardstick: .times(.libpq)))
        // The wake-ups that the limits are about do not happen there.
        case .together: budgets = []
        }
        return Comparison(
            workload: .roundTrip, kind: .operations, title: "round trip", source: source, pinning: pinning,
            job: "roundtrip", sql: "SELECT $1::int4", rows: scale.roundTrips,
            clients: [.libpq, loop, pool, .sink, .pgbench] + Client.python, budgets: budgets,
            notes: [
                "The statement is prepared on both sides: libpq runs PQexecPrepared, the library what it keeps of a query "
                    + "that comes again. It does not poll the socket yet: both processes sleep."
            ],
            secondsGuess: Double(scale.roundTrips) * 5e-5)
    }

    var pipelines: [Comparison] {
        let manyStatements = Client(
            name: "ours: a result for each", program: .built("client-swift"), arguments: ["--shape", "rows"],
            role: .own)
        let libpq = Client(name: "libpq 15, pipeline mode", program: .built("client-libpq"), role: .yardstick)
        let psycopg = Client(name: "psycopg, executemany", program: .python("client_psycopg.py"))
        return [
            Comparison(
                workload: .pipeline, kind: .pipeline, title: "SELECT $1::int4 in one pipeline, one Sync",
                source: .serverTCP, job: "pipeline", sql: "SELECT $1::int4", rows: scale.pipelined,
                clients: [libpq, loop, pool, manyStatements],
                budgets: [Budget(figure: .cpuPerRow, own: loop, limit: 1.5, yardstick: .times(libpq))],
                notes: ["Ours is executeMany, but for the one that queues each statement by itself."],
                secondsGuess: Double(scale.pipelined) * 1e-5),
            Comparison(
                workload: .pipeline, kind: .pipeline, title: "INSERT of five columns, one Sync", source: .serverTCP,
                job: "load", rows: scale.loadedRows, clients: [libpq, loop, pool, psycopg],
                budgets: [
                    Budget(figure: .cpuPerRow, own: loop, limit: 1.5, yardstick: .times(libpq)),
                    Budget(figure: .rate, own: loop, limit: 1.2, yardstick: .times(psycopg), isLowerLimit: true),
                ],
                secondsGuess: Double(scale.loadedRows) * 2e-5),
        ]
    }

    var connects: [Comparison] {
        [(Comparison.Source.serverSCRAM, 0.60), (.serverTLSAndSCRAM, 0.68)].map { source, limit in
            Comparison(
                workload: .connect, kind: .operations, title: "connect", source: source, job: "connect",
                rows: scale.connects, clients: [.libpq, loop, pool] + Client.python,
                budgets: [Budget(figure: .median, own: loop, limit: limit, yardstick: .times(.libpq))],
                secondsGuess: Double(scale.connects) * 0.005)
        }
    }

    var connections: Comparison {
        let clients = scale.connectionCounts.map(Client.own(connections:))
        let (one, most) = (clients[0], clients[clients.count - 1])
        return Comparison(
            workload: .connections, kind: .connections, title: "connections on one loop, each doing round trips",
            job: "connections", rows: scale.connectionRoundTrips, clients: clients,
            budgets: [
                Budget(figure: .rate, own: most, limit: 0.7, yardstick: .times(one), isLowerLimit: true),
                Budget(figure: .connectionKiB, own: most, limit: 8, yardstick: .absolute),
            ],
            isChecked: false, secondsGuess: Double(scale.connectionRoundTrips) * 5e-5 + 0.5)
    }
}
