// Moves money between two accounts from many tasks at once, in serializable transactions that are run again where they
// meet in a conflict. It makes a table of its own and drops it in the end.
//
//     swift run --package-path Examples Transactions postgres://user@localhost/database

import Glibc
import PostgresStreaming

guard let url = CommandLine.arguments.dropFirst().first else {
    print("usage: Transactions URL, such as postgres://user@localhost/database")
    exit(2)
}

do {
    let configuration = try PostgresConfiguration(connectionString: url)
    try await withAccounts(at: url) { connection in
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 1...4 {
                group.addTask {
                    for amount in 1...5 { try await transfer(amount * task, configuration) }
                }
            }
            try await group.waitForAll()
        }
        for try await (id, balance) in try await connection.query(
            "SELECT id, balance FROM example_account ORDER BY id"
        ).decode((Int, Int).self) {
            print("account \(id): \(balance)")
        }
        try await overdraw(connection)
    }
} catch {
    print("could not go on: \(error)")
    exit(1)
}
