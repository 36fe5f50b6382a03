// The code of the documentation's pages, compiled; it is not run.

import FraiseWire
import JSONTape
import PostgresStreaming

struct User: JSONDecodable {
    let id: Int
    let name: String

    init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
    }
}

func readingDocuments() async throws {
    let client = try await FraiseClient.connect("postgres:///example")
    let users = try await client.query("v_user", as: User.self).where(.field("status") == "active").limit(10).execute()
    for try await user in users { print(user.name) }
}

nonisolated(nonsending) func askingForDocuments(_ client: FraiseClient, _ region: String) async throws {
    let query = try client.query("v_user", as: User.self)
        .where(.field("age") >= 18 && (.path("address", "city") == "Lyon" || .field("tags").arrayContains(["vip"])))
        .whereSQL("data->>'region' = \(region)")
        .orderBy(.field("name"), collation: "C")
        .limit(100)
    print(try query.explain())
}

func readingJSON(_ text: String) throws {
    let value = try JSONValue(parsing: text)
    let user = try value.decode(User.self)
    print(user.name, value["address"]?["city"]?.string ?? "nowhere")
}
