/// The kinds of work that can be chosen on the command line.
enum Workload: String, CaseIterable, Sendable {
    case narrow, json, wide, fixed, values, blobs, tls, growing
    case firstRow = "first-row"
    case earlyExit = "early-exit"
    case roundTrip = "roundtrip"
    case pipeline, copy
    case connect, connections

    /// One line for `--list`.
    func summary(_ scale: Scale) -> String {
        switch self {
        case .narrow: "\(scale.narrowRows) rows of int8, int4, float8"
        case .json: "\(scale.documents) jsonb documents of about 310 bytes, as bytes"
        case .wide: "\(scale.wideRows) rows of 12 columns of 12 types"
        case .fixed: "\(scale.wideRows) rows of 15 columns of fixed width: no allocation per row"
        case .values: "one value of every type, decoded and encoded \(scale.values) times, from memory"
        case .blobs: "\(scale.blobs) rows of 64 KiB"
        case .tls: "\(scale.tlsRows) rows of 1 KiB over TLS"
        case .growing: "rows of 16 B to 1 MiB, at most \(scale.growingBytesMax >> 20) MiB of each size"
        case .firstRow: "the time until the first row of a longer result"
        case .earlyExit: "an endless result left after 5 rows: the time until the next query's answer"
        case .roundTrip: "\(scale.roundTrips) times SELECT $1::int4, over Unix socket and TCP, pinned and not"
        case .pipeline:
            "\(scale.pipelined) times SELECT $1::int4 in one pipeline, and \(scale.loadedRows) rows of five columns inserted"
        case .copy:
            "\(scale.narrowRows) rows copied out in binary, as they come and decoded, and \(scale.copiedRows) copied in"
        case .connect: "\(scale.connects) connections with SCRAM-SHA-256 over TCP, in the clear and with TLS"
        case .connections: "many connections on one event loop, each doing round trips"
        }
    }
}

/// How much is measured.
struct Scale: Sendable {
    var narrowRows = 10_000_000
    var documents = 1_000_000
    var wideRows = 1_000_000
    var values = 4_000_000
    var blobs = 20_000
    var tlsRows = 1_000_000
    var growingBytesMax = 256 << 20
    var growingRowsMax = 2_000_000
    var firstRows = 100
    var earlyExits = 50
    var roundTrips = 20_000
    var pipelined = 200_000
    var loadedRows = 100_000
    var copiedRows = 2_000_000
    var connects = 200
    var connectionCounts = [1, 16, 100, 1000]
    /// Shared out among the connections.
    var connectionRoundTrips = 200_000
    var runs = 3

    /// The sizes of the growing rows.
    static let growingSizes = [16, 128, 1024, 8192, 65536, 1 << 20]

    static let full = Scale()

    /// Small enough for every change to be measured.
    static let quick = Scale(
        narrowRows: 1_000_000, documents: 100_000, wideRows: 100_000, values: 400_000, blobs: 1000, tlsRows: 100_000,
        growingBytesMax: 16 << 20,
        growingRowsMax: 100_000, firstRows: 20, earlyExits: 10, roundTrips: 2000,
        pipelined: 20_000, loadedRows: 10_000, copiedRows: 200_000, connects: 30,
        connectionCounts: [1, 16, 100], connectionRoundTrips: 20_000, runs: 1)

    /// The rows of one size of the growing workload.
    func growingRows(of size: Int) -> Int { min(growingRowsMax, growingBytesMax / size) }
}
