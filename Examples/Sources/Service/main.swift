// A service on a pool: eight workers take jobs out of a table until Ctrl-C or SIGTERM comes. Then each finishes the job that
// it is at, the pool waits for the leases, and the program ends. It makes a table of its own and drops it in the end.
//
//     swift run --package-path Examples Service postgres://user@localhost/database

import Glibc
import Interrupts
import PostgresStreaming

guard let url = CommandLine.arguments.dropFirst().first else {
    print("usage: Service URL, such as postgres://user@localhost/database")
    exit(2)
}

let interrupts = Interrupts()
defer { interrupts.end() }
do {
    let settings = PostgresPoolConfiguration {
        $0.connectionsMin = 2
        $0.connectionsMax = 4
        $0.leaseTimeout = .seconds(5)
        $0.shutdownTimeout = .seconds(10)
    }
    let client = try PostgresClient(url, pool: settings)
    let jobs = Jobs(client)
    try await jobs.create()
    print("working")
    fflush(nil)
    let done = try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask {
            await client.run()
            return 0
        }
        group.addTask { [signals = interrupts.signals] in
            for await _ in signals { break }
            jobs.end()
            return 0
        }
        for _ in 1...8 { group.addTask { try await jobs.work() } }
        var done = 0
        // The last one is run(), which ends when it is cancelled and closes the pool.
        for _ in 1...9 { done += try await group.next() ?? 0 }
        try await jobs.drop()
        group.cancelAll()
        return done
    }
    print("stopped after \(done) jobs, on \(client.statistics.opened) connections")
} catch {
    print("could not go on: \(error)")
    exit(1)
}
