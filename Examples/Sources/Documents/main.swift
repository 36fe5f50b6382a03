// Asks for JSON documents of a view: by typed conditions, in an order, page by page, as values and with filters in Swift.
// It makes a view of its own and drops it in the end.
//
//     swift run --package-path Examples Documents postgres://user@localhost/database

import FraiseWire
import Glibc
import PostgresStreaming

guard let url = CommandLine.arguments.dropFirst().first else {
    print("usage: Documents URL, such as postgres://user@localhost/database")
    exit(2)
}

do {
    try await withProjects(at: url) {
        let client = try await FraiseClient.connect(url)
        try await showTyped(client)
        try await showPages(client)
        try await showValues(client)
        await showErrors(client)
        await client.close()
    }
} catch {
    print("could not go on: \(error)")
    exit(1)
}
