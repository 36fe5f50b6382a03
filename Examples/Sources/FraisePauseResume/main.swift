// Pauses a stream for a time or until another task resumes it. The server waits meanwhile, and so does its memory.
//
//     swift run --package-path Examples FraisePauseResume postgres://user@localhost/database

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraisePauseResume") { url in
    let client = try await FraiseClient.connect(url)

    let projects = try await client.query("tracker.v_project", as: Project.self).execute()
    var seen = 0
    for try await _ in projects {
        seen += 1
        guard seen == 100 else { continue }
        projects.pause(reason: "another task has to finish first")
        print("paused: \(projects.state == .paused(reason: "another task has to finish first"))")
        // The control belongs to no task: whoever has it may resume the stream.
        Task { [control = projects.control] in
            try await Task.sleep(for: .milliseconds(50))
            control.resume()
        }
    }
    print("\(seen) projects, paused for at least 40 ms: \(projects.statistics.pausedTime >= .milliseconds(40))")

    // A pause that nobody ends can fail the query, so that nothing waits for ever.
    let others = try await client.query("tracker.v_task").execute()
    do throws(PostgresError) {
        for try await _ in others { others.pause(for: .milliseconds(20), then: .fail) }
    } catch {
        print("left alone: \(error.code), connection usable: \(error.isConnectionUsable)")
    }
    await client.close()
}
