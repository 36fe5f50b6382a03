// Connects through a Unix-domain socket, by its directory: in a URL, as keywords and values, or in code.
//
//     swift run --package-path Examples FraiseUnixSocket /var/run/postgresql 5432 postgres

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseUnixSocket", arguments: "DIRECTORY PORT USER") { arguments in
    let (directory, port, user) = (arguments[0], arguments[1], arguments[2])
    let strings = [
        "postgres://\(user)@/postgres?host=\(directory)&port=\(port)",
        "host=\(directory) port=\(port) user=\(user) dbname=postgres",
    ]
    for string in strings {
        try await Tracker.run(at: string) {
            let client = try await FraiseClient.connect(string)
            let count = try await client.query("tracker.v_user").execute().collect().count
            let configuration = try PostgresConfiguration(connectionString: string)
            print(
                "\(count) users by \(string == strings[0] ? "a URL" : "keywords"), over \(configuration.endpoints.count) socket"
            )
            await client.close()
        }
    }
    // Who owns the process behind the socket can be asked for as well.
    var configuration = try PostgresConfiguration(connectionString: strings[0])
    configuration.requiredPeer = "nobody-of-that-name"
    do throws(PostgresError) {
        _ = try await FraiseClient.connect(configuration)
    } catch {
        print("another owner was asked for: \(error.code)")
    }
}
