// A cache of rows that is told what changed: a trigger notifies with the row's key, and a gap empties the cache, because what
// changed meanwhile is not known.
//
//     swift run --package-path Examples CacheInvalidation postgres://user@localhost/database

import PostgresStreaming
import Tracker

/// The names of users. One that is not known, or no longer, is read.
actor Names {
    private let client: PostgresClient
    private var known: [Int: String] = [:]
    private(set) var reads = 0
    private var changes = 0

    init(_ client: PostgresClient) { self.client = client }

    func name(of id: Int) async throws -> String {
        if let name = known[id] { return name }
        let before = changes
        let name = try await client.query("SELECT name FROM tracker.tb_user WHERE id = \(id)").only().decode(
            String.self)
        reads += 1
        // What was read before a change must not be kept after it.
        if changes == before { known[id] = name }
        return name
    }

    func forget(_ change: PostgresListener.Element) {
        changes += 1
        switch change {
        case .listening, .gap: known = [:]
        case .notification(let notification): known[Int(notification.payload) ?? 0] = nil
        }
    }
}

await ExampleProgram.run("CacheInvalidation") { url in
    let client = try PostgresClient(url)
    try await client.execute(
        """
        CREATE FUNCTION tracker.tell() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_notify('users', NEW.id::text); RETURN NULL; END $$
        """)
    try await client.execute(
        "CREATE TRIGGER tell AFTER UPDATE ON tracker.tb_user FOR EACH ROW EXECUTE FUNCTION tracker.tell()")
    let names = Names(client)
    var changes = try client.listen(to: "users").makeAsyncIterator()
    // Nothing may be kept before the server listens.
    if let listening = try await changes.next() { await names.forget(listening) }
    for _ in 1...3 { _ = try await names.name(of: 1) }
    print("\(try await names.name(of: 1)) after \(await names.reads) read")
    try await client.execute("UPDATE tracker.tb_user SET name = 'Grace' WHERE id = 1")
    if let change = try await changes.next() { await names.forget(change) }
    print("\(try await names.name(of: 1)) after \(await names.reads) reads")
    await client.close()
}
