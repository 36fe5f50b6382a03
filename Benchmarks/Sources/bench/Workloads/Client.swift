/// One program that takes part, and the arguments that it takes beside the workload's own.
struct Client: Hashable, Sendable {
    enum Program: Hashable, Sendable {
        /// Built with the benchmarks; lies beside the runner.
        case built(String)
        /// A script in Benchmarks/python.
        case python(String)
        /// PostgreSQL's own; see `PgbenchLog`.
        case pgbench
    }

    /// What a client is to the report.
    enum Role: Hashable, Sendable {
        /// This library.
        case own
        /// What the others are given as a ratio to.
        case yardstick
        case other
        /// Delivers no rows: a floor, which no checksum can be asked of.
        case floor
    }

    let name: String
    let program: Program
    var arguments: [String] = []
    var role = Role.other
    /// Cells come as text, so that their lengths are others.
    var isText = false

    /// What every Swift process has resident.
    static let nothing = Client(name: "a Swift program that does nothing", program: .built("nothing"), role: .floor)
    static let libpq = Client(
        name: "libpq 15, single row, binary", program: .built("client-libpq"), arguments: ["--mode", "single-binary"],
        role: .yardstick)
    static let libpqText = Client(
        name: "libpq 15, single row, text", program: .built("client-libpq"), arguments: ["--mode", "single-text"],
        isText: true)
    static let sink = Client(name: "raw recv, eager", program: .built("client-sink"), role: .floor)
    static let nappingSink = Client(
        name: "raw recv, 100 µs nap", program: .built("client-sink"), arguments: ["--nap", "100"], role: .floor)
    static let python = [
        Client(name: "psycopg", program: .python("client_psycopg.py")),
        Client(name: "asyncpg", program: .python("client_asyncpg.py")),
    ]
    static let pgbench = Client(name: "pgbench -M prepared", program: .pgbench, role: .floor)

    /// libpq of version 17 or newer: many rows in one result.
    static func chunkedLibpq(_ path: String?) -> Client {
        Client(
            name: "libpq 18, chunked, binary", program: .built("client-libpq"),
            arguments: ["--mode", "chunked-binary"] + (path.map { ["--libpq", $0] } ?? []))
    }

    /// This library.
    static func own(shape: String = "chunks", place: String = "loop") -> Client {
        Client(
            name: "ours: \(shape), \(placeName(place))", program: .built("client-swift"),
            arguments: ["--shape", shape, "--place", place], role: .own)
    }

    /// This library, with something done with each JSON document.
    static func ownJSON(_ shape: String, _ name: String) -> Client {
        Client(name: "ours: JSON \(name)", program: .built("client-json"), arguments: ["--shape", shape], role: .own)
    }

    /// FraiseWire over the same documents.
    static func fraise(_ shape: String, _ name: String) -> Client {
        Client(
            name: "ours: FraiseWire \(name)", program: .built("client-json"),
            arguments: ["--shape", shape, "--entity", "document"], role: .own)
    }

    static let fraiseStructs = Client.fraise("members", "into structs")
    static let fraiseWire = [
        fraise("bytes", "as bytes"), fraiseStructs, fraise("decodable", "into Decodable structs"),
        fraise("dynamic", "as values, three members looked at"),
    ]
    static let jsonBytes = ownJSON("bytes", "as bytes")
    static let jsonScanned = ownJSON("scan", "scanned")
    static let jsonStructs = ownJSON("members", "into structs")
    static let jsonDecodable = ownJSON("decodable", "into Decodable structs")
    /// Foundation's decoder over this library's bytes.
    static let foundation = Client(
        name: "Foundation's JSONDecoder into structs", program: .built("client-json"),
        arguments: ["--shape", "foundation"])

    /// This library, where no rows are streamed.
    static func own(_ place: String) -> Client {
        Client(
            name: "ours, \(placeName(place))", program: .built("client-swift"), arguments: ["--place", place],
            role: .own)
    }

    /// This library with many connections on one loop.
    static func own(connections: Int) -> Client {
        Client(
            name: "ours, \(connections) connection\(connections == 1 ? "" : "s")", program: .built("client-swift"),
            arguments: ["--place", "loop", "--connections", "\(connections)"], role: .own)
    }

    private static func placeName(_ place: String) -> String { place == "loop" ? "on the loop" : "on Swift's pool" }
}
