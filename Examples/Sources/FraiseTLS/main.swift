// Encrypts, and checks that the server is who it says it is: its certificate comes from a given authority and is for its name.
//
//     swift run --package-path Examples FraiseTLS postgres://user@localhost/database root.crt

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseTLS", arguments: "URL ROOT-CERTIFICATE") { arguments in
    var configuration = try PostgresConfiguration(connectionString: arguments[0])
    configuration.tls.mode = .verifyFull
    configuration.tls.roots = .file(arguments[1])
    configuration.tls.minimumVersion = .tls13

    try await PostgresConnection.withConnection(configuration) { connection in
        let tls = connection.information.tls
        print("\(tls?.version ?? "in the clear"), server verified: \(tls?.isServerVerified ?? false)")
    }
    try await Tracker.run(at: configuration) {
        let client = try await FraiseClient.connect(configuration)
        let count = try await client.query("tracker.v_project").execute().collect().count
        print("\(count) documents, encrypted")
        await client.close()
    }

    // The system's authorities know nothing of this server.
    configuration.tls.roots = .system
    do throws(PostgresError) {
        _ = try await FraiseClient.connect(configuration)
    } catch {
        print("with other authorities: \(error.code)")
    }
}
