// Loads the rows of a CSV file in four ways, and prints how many rows a second each of them takes.
//
//     swift run -c release --package-path Examples LoadCSV postgres://user@localhost/database readings.csv
//
// Each line is a number, a name without commas, a value, t or f, and a date: 7,north,1.5,t,2026-03-01

import PostgresStreaming
import Tracker

await ExampleProgram.run("LoadCSV", arguments: "URL FILE") { arguments in
    let readings = try Reading.all(in: arguments[1])
    try await PostgresConnection.withConnection(arguments[0]) { connection in
        try await connection.execute(
            "CREATE TEMPORARY TABLE reading (id int, station text, value float4, is_valid bool, day date)")
        for way in LoadingWay.allCases {
            let start = ContinuousClock.now
            // One transaction for each way, so that all of them commit once.
            try await connection.withTransaction { transaction in try await way.load(readings, in: transaction) }
            let time = (ContinuousClock.now - start) / .seconds(1)
            let count = try await connection.query("SELECT count(*) FROM reading").only().decode(Int.self)
            print("\(way.rawValue): \(count) rows, \(Int(Double(count) / time)) rows/s")
            try await connection.execute("TRUNCATE reading")
        }
    }
}
