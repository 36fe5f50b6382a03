import FraiseWire
import JSONTape
import PostgresStreaming

/// Typed documents, by conditions that the server looks at and one in Swift.
func showTyped(_ client: FraiseClient) async throws {
    let projects = try await client.query("v_example_project", as: Project.self)
        .where(.field("stars") >= 20 && (.field("tags").arrayContains(["swift"]) || .path("owner", "name") == "Ada"))
        .filter { $0.name.count < 12 }
        .orderBy(.field("stars"), .descending).orderBy(.field("name"), collation: "C")
        .limit(3).execute()
    for try await project in projects {
        print("\(project.name): \(project.stars) stars, \(project.tags.joined(separator: " "))")
    }
    print("\(projects.statistics.rows) rows came, \(projects.filteredCount) were filtered")
}

/// Page after page, each behind the last document of the one before.
func showPages(_ client: FraiseClient) async throws {
    let query = try client.query("v_example_project", as: Project.self).orderBy(.field("stars")).limit(40)
    var page = try await query.execute().collect()
    var sizes: [Int] = []
    while let last = page.last {
        sizes.append(page.count)
        page = try await query.startingAfter(last.stars).execute().collect()
    }
    print("pages of \(sizes)")
}

/// Documents of no type, and a pause.
func showValues(_ client: FraiseClient) async throws {
    let values = try await client.query("v_example_project").where(.field("name").hasSuffix(" 7"))
        .fields("name", "owner").execute()
    for try await value in values {
        print("\(value["name"]?.string ?? "?") belongs to \(value.at("owner", "name")?.string ?? "nobody")")
        values.pause(reason: "to show it", for: .milliseconds(10))
    }
    print("state: \(values.state)")
}

/// What goes wrong says where.
func showErrors(_ client: FraiseClient) async {
    do {
        let query = try client.query("v_example_project", as: Project.self).projection("jsonb_build_object('name', 1)")
        print("sends: \(try query.limit(1).explain())")
        _ = try await query.execute().collect()
    } catch {
        print("\(error.code): \(error.message)")
    }
}
