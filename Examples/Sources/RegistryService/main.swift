// A service whose databases are declared in a document with two environments. It writes visits until Ctrl-C or SIGTERM comes; in
// production it does so only where the deployment confirms it by name. The document may be changed while it runs.
//
//     swift run --package-path Examples RegistryService Examples/Sources/RegistryService/pgsluice.yaml
//     APP_ENV=production CONFIRM=production/visits VISITS_URL=postgres://… .build/debug/RegistryService pgsluice.yaml

import Glibc
import Interrupts
import PostgresRegistry
import PostgresStreaming

guard let path = CommandLine.arguments.dropFirst().first else {
    print("usage: RegistryService DOCUMENT, such as pgsluice.yaml")
    exit(2)
}

let interrupts = Interrupts()
defer { interrupts.end() }
do {
    let options = RegistryOptions { $0.onReload = { print("reload: \($0)") } }
    let registry = try await Registry.open(.file(path), options: options)
    let explained = try registry.document.explain("visits")
    let pool = explained["pool.connections_max"].map { "\($0.text) connections (\($0.provenance))" } ?? ""
    print("visits in \(registry.document.environment ?? "no environment"), at most \(pool)")

    let health = try await registry.health()
    guard health.isHealthy else {
        print(health)
        exit(1)
    }
    let confirmation = unsafe getenv("CONFIRM").map { unsafe String(cString: $0) }
    let client =
        if let confirmation {
            try registry.client(named: "visits", confirming: confirmation)
        } else {
            try registry.client(named: "visits")
        }
    let visits = Visits(client)
    try await visits.create()
    print("working")
    fflush(nil)
    async let upkeep: Void = registry.run()
    async let written = visits.write()
    for await _ in interrupts.signals { break }
    visits.end()
    print("stopped after \(try await written) visits")
    try await visits.drop()
    await registry.close()
    await upkeep
} catch {
    print("could not go on: \(error)")
    exit(1)
}
