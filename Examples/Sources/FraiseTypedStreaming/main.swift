// The same documents as a type that describes its members, as a Decodable one with Foundation's types, as values, as bytes.
//
//     swift run --package-path Examples FraiseTypedStreaming postgres://user@localhost/database

import Foundation
import FraiseWire
import JSONTape
import PostgresStreaming
import Tracker

/// Members have their names in Swift; Foundation's types are read without being asked for.
struct Schedule: Decodable {
    let id: Int
    let createdAt: Date

    enum CodingKeys: String, CodingKey {
        case id
        case createdAt = "created_at"
    }
}

await ExampleProgram.run("FraiseTypedStreaming") { url in
    let client = try await FraiseClient.connect(url)

    // Fastest: a type that takes its members out of the document where it lies.
    for try await project in try await client.query("tracker.tv_project", as: Project.self).limit(1).execute() {
        print("described: \(project.name), \(project.tags), owned by \(project.owner.name)")
    }
    // Most convenient: what the compiler writes.
    for try await schedule in try await client.query("tracker.v_project", as: Schedule.self).limit(1).execute() {
        print("decodable: \(schedule.id) was made at \(schedule.createdAt.timeIntervalSince1970)")
    }
    // Of no type: looked at by key and path.
    for try await value in try await client.query("tracker.v_project").limit(1).execute() {
        print("dynamic: \(value["stars"]?.int ?? -1), \(value.at("owner", "email")?.string ?? "?")")
    }
    // Not looked at: to be passed on.
    for try await bytes in try await client.queryBytes("tracker.v_document").limit(1).execute() {
        print("bytes: \(String(decoding: bytes, as: UTF8.self))")
    }
    await client.close()
}
