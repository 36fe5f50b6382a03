// A long export that an operator can hold: SIGUSR1 pauses it, SIGUSR2 lets it go on, Ctrl-C ends it.
//
//     swift run -c release --package-path Examples PauseBySignal postgres://user@localhost/database

import Glibc
import Interrupts
import PostgresStreaming
import Tracker

func say(_ words: String) {
    print(words)
    fflush(nil)
}

await ExampleProgram.run("PauseBySignal", arguments: "URL") { arguments in
    let interrupts = Interrupts([SIGINT, SIGTERM, SIGUSR1, SIGUSR2])
    defer { interrupts.end() }
    let (controls, handOver) = AsyncStream<StreamControl>.makeStream()
    let export = Task {
        defer { handOver.finish() }
        try await PostgresConnection.withConnection(arguments[0]) { connection in
            let rows = try await connection.query("SELECT generate_series(1, 1000000000)")
            // A stream belongs to its task; its control is for anybody.
            handOver.yield(rows.control)
            for try await _ in rows.chunks {}
        }
    }
    for await control in controls {
        say("exporting")
        events: for await signal in interrupts.signals {
            switch signal {
            case SIGUSR1: say(control.pause(reason: "the operator wants it") ? "paused" : "not paused")
            case SIGUSR2:
                control.resume()
                say("going on")
            default: break events
            }
        }
        // Cancels the query too; the connection is closed when the server is done with it.
        export.cancel()
    }
    do {
        try await export.value
    } catch {
        guard (error as? PostgresError)?.code == .cancelled else { throw error }
        say("ended by the operator")
    }
}
