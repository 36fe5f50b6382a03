import Foundation
import PostgresTesting

/// Which cores run the server and a client, set with `taskset`.
struct Affinity {
    let pinning: Comparison.Pinning
    let cores: Int
    let scratch: Scratch

    /// Puts in front of a client's words what pins it.
    func pinned(_ words: [String]) -> [String] { pinning == .none ? words : ["taskset", "-c", "0"] + words }

    /// Pins the postmaster, and with it the sessions that it will start.
    func pin(_ server: PostgresServer) async throws {
        let list =
            switch pinning {
            case .none: "0-\(cores - 1)"
            case .apart: "1"
            case .together: "0"
            }
        let file = try String(contentsOfFile: "\(server.dataDirectory)/postmaster.pid", encoding: .utf8)
        guard let id = file.split(separator: "\n").first else { return }
        _ = try await Command(words: ["taskset", "-acp", list, String(id)], scratch: scratch).run()
    }
}
