// Orders by type and collation, says where NULL goes, and goes on page after page behind the last row.
//
//     swift run --package-path Examples FraiseOrdering postgres://user@localhost/database

import FraiseWire
import JSONTape
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseOrdering") { url in
    let client = try await FraiseClient.connect(url)

    func names(_ query: FraiseQuery<JSONValue>, _ key: String = "name") async throws -> String {
        let documents = try await query.execute().collect()
        return documents.map { $0[key]?.description ?? "null" }.joined(separator: " ")
    }

    let users = try client.query("tracker.v_user").where(.column("id") <= 4)
    // By bytes, é comes behind z; by the rules of a language it does not.
    print("C:    \(try await names(users.orderBy(.field("name"), collation: "C")))")
    print("ICU:  \(try await names(users.orderBy(.field("name"), collation: "und-x-icu")))")
    let ages = try client.query("tracker.v_user").where(.column("id").isIn([1, 50, 2]))
    print(
        "nulls first: \(try await names(ages.orderBy(.field("age"), .descending, as: .number, nulls: .first), "age"))")
    print("nulls last:  \(try await names(ages.orderBy(.field("age"), .descending, as: .number, nulls: .last), "age"))")

    // An offset reads what it leaves out; a continuation begins where the last page ended.
    let pages = try client.query("tracker.v_project", as: Project.self)
        .where(.field("stars") > 480).orderBy(.field("stars"), .descending).orderBy(.column("id")).limit(300)
    var page = try await pages.execute().collect()
    var sizes: [Int] = []
    while let last = page.last {
        sizes.append(page.count)
        page = try await pages.startingAfter(last.stars, last.id).execute().collect()
    }
    print("pages: \(sizes)")
    await client.close()
}
