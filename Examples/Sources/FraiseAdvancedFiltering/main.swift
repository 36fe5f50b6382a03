// Conditions on members, paths, columns and arrays, grouped by and, or and not; search in text; what is NULL.
//
//     swift run --package-path Examples FraiseAdvancedFiltering postgres://user@localhost/database

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseAdvancedFiltering") { url in
    let client = try await FraiseClient.connect(url)

    func count(_ what: String, in entity: String = "tracker.v_project", _ condition: FraiseCondition) async throws {
        let documents = try await client.query(entity).where(condition).execute()
        print("\(what): \(try await documents.collect(documentsMax: 100_000).count)")
    }

    try await count("active with more than 490 stars", .field("status") == "active" && .field("stars") > 490)
    try await count("Ada's or done", .path("owner", "name").hasPrefix("Ada ") || .field("status").isIn(["done"]))
    try await count("neither active nor paused", !(.field("status") == "active" || .field("status") == "paused"))
    try await count("tagged swift", .field("tags").arrayContains(["swift"]))
    try await count("one tag", .field("tags").arrayLength == 1)
    try await count("by number", .column("id") <= 10)
    try await count("named like project 1999x", .field("name").isLike("project 1999_"))
    try await count("without a date", in: "tracker.v_task", .field("due").isNull())
    try await count("users without an age", in: "tracker.v_user", .field("age").isNull())
    try await count("foxes that jump", in: "tracker.v_document", .field("body").matches("jumping & fox"))
    await client.close()
}
