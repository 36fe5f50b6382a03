// Connects, asks with bound parameters, reads typed rows, and handles an error of the server.
//
//     swift run --package-path Examples FirstQuery postgres://user@localhost/database
//     POSTGRES_URL=postgres://user@localhost/database swift run --package-path Examples FirstQuery

import Glibc
import PostgresStreaming

let variable = unsafe getenv("POSTGRES_URL").map { unsafe String(cString: $0) }
guard let url = CommandLine.arguments.dropFirst().first ?? variable else {
    print("usage: FirstQuery URL (or set POSTGRES_URL), such as postgres://user@localhost/database")
    exit(2)
}

do throws(PostgresError) {
    try await showCustomers(of: "north", at: url)
    try await showCustomers(of: "'; DROP TABLE customer; --", at: url)
} catch {
    print("could not go on: \(error)")
    exit(1)
}
