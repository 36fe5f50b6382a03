// Signs in with SCRAM-SHA-256 and nothing weaker; the password comes from a function, as from a vault, and is never printed.
//
//     swift run --package-path Examples FraiseSCRAM postgres://user@localhost/database PASSWORD-FILE

import FraiseWire
import JSONTape
import Foundation
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseSCRAM", arguments: "URL PASSWORD-FILE") { arguments in
    let file = arguments[1]
    var configuration = try PostgresConfiguration(connectionString: arguments[0])
    configuration.allowedAuthentication = [.scramSHA256]
    // Asked anew for every connection, so that a password may change while the program runs.
    configuration.passwordProvider = { request in
        try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    print("\(configuration)")

    try await Tracker.run(at: configuration) {
        let client = try await FraiseClient.connect(configuration)
        let user = try await client.query("tracker.v_user").where(.field("id") == 1).execute().first()
        print("signed in, and read \(user?["name"]?.string ?? "nobody")")
        await client.close()
    }

    configuration.passwordProvider = { _ in "not the password" }
    do throws(PostgresError) {
        _ = try await FraiseClient.connect(configuration)
    } catch {
        print("with another password: \(error.code), \(error.message)")
    }
}
