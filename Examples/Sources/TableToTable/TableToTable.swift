// Copies a table from one database into a table of the same name in another, as it is at one moment, and says how it goes.
//
//     swift run -c release --package-path Examples TableToTable postgres://…/old postgres://…/new schema.table

import PostgresStreaming
import Tracker

await ExampleProgram.run("TableToTable", arguments: "URL TARGET-URL TABLE") { arguments in
    let table = try PostgresIdentifier(parsing: arguments[2])
    try await PostgresConnection.withConnection(arguments[0]) { source in
        try await PostgresConnection.withConnection(arguments[1]) { target in
            var next = 1_000_000
            let result = try await source.copy(from: .table(table), into: .table(table), on: target) { progress in
                guard progress.rowCount >= next else { return }
                print("\(progress.rowCount) rows, \(progress.bytes >> 20) MiB")
                next += 1_000_000
            }
            print("\(result.rowCount) rows copied")
        }
    }
}
