/// The comparisons of every workload.
struct Comparisons {
    let scale: Scale
    /// A libpq of version 17 or newer, where there is one.
    let chunkedLibpq: String?
    let cores: Int

    /// Answers larger than this are not recorded for a replay.
    private static let replayBytesMax = 2 << 30

    /// This library with every column decoded.
    private var decoding: [Client] { [.own(shape: "struct"), .own(shape: "codable")] }
    private var loop: Client { .own() }
    private var pool: Client { .own(place: "pool") }

    /// The tables of one workload, in the order in which they are measured.
    func of(_ workload: Workload) -> [Comparison] {
        switch workload {
        case .narrow: narrow
        case .json: json
        case .wide: wide
        case .fixed: [fixed]
        case .values: values
        case .blobs: blobs
        case .tls: [tls]
        case .growing: Scale.growingSizes.flatMap(growing)
        case .firstRow: firstRow
        case .earlyExit: [earlyExit]
        case .roundTrip: roundTrips
        case .pipeline: pipelines
        case .copy: copies
        case .connect: connects
        case .connections: [connections]
        }
    }

    private var narrow: [Comparison] {
        let shapes = ["loop", "pool"].flatMap { place in
            ["chunks", "struct", "tuple", "rows"].map { Client.own(shape: $0, place: place) }
        }
        let server = Comparison(
            workload: .narrow, title: "narrow: int8, int4, float8", job: "narrow", sql: "SELECT id, a, b FROM narrow",
            columns: "iif", rows: scale.narrowRows,
            clients: [.nothing, .libpq] + shapes
                + [.chunkedLibpq(chunkedLibpq), .libpqText, .sink, .nappingSink] + Client.python,
            budgets: [
                Budget(figure: .cpuPerRow, own: loop, limit: 0.35, yardstick: .times(.libpq)),
                Budget(figure: .rate, own: loop, limit: 0.98, yardstick: .times(.libpq), isLowerLimit: true),
                Budget(figure: .peakMiB, own: loop, limit: 8, yardstick: .above(.nothing)),
            ],
            secondsGuess: Double(scale.narrowRows) / 6e6)
        return [
            server,
            replayed(
                server, clients: [.libpq] + shapes + [.chunkedLibpq(chunkedLibpq), .sink],
                budgets: [Budget(figure: .cpuPerRow, own: loop, limit: 0.20, yardstick: .times(.libpq))]),
        ]
    }

    private var json: [Comparison] {
        let server = Comparison(
            workload: .json, title: "JSON: jsonb documents of about 310 bytes, as bytes", job: "json",
            sql: "SELECT data FROM document", columns: "b", rows: scale.documents, clients: streamClients,
            budgets: [
                Budget(figure: .cpuPerRow, own: loop, limit: 0.55, yardstick: .times(.sink)),
                Budget(figure: .rate, own: loop, limit: 1.15, yardstick: .times(.libpq), isLowerLimit: true),
            ],
            secondsGuess: Double(scale.documents) / 8e5)
        let budget = Budget(figure: .cpuPerRow, own: loop, limit: 0.40, yardstick: .times(.libpq))
        return [server, replayed(server, clients: replayClients, budgets: [budget]), encrypted(server, limit: 0.75)]
            + decodedJSON(server)
    }

    /// The same documents, each decoded. The yardsticks take them as bytes, and Foundation decodes them too.
    private func decodedJSON(_ documents: Comparison) -> [Comparison] {
        let clients: [Client] =
            [.libpq, .jsonBytes, .jsonScanned, .jsonStructs, .jsonDecodable, .foundation] + Client.fraiseWire
        let decodable = Budget(figure: .cpuPerRow, own: .jsonDecodable, limit: 0.25, yardstick: .times(.foundation))
        // client-json brings Foundation along, so its memory is held against its own, with the documents as bytes.
        let flat = Budget(figure: .peakMiB, own: .fraiseStructs, limit: 8, yardstick: .above(.jsonBytes))
        let structs = { (limit: Double) in
            [Client.jsonStructs, .fraiseStructs].map {
                Budget(figure: .cpuPerRow, own: $0, limit: limit, yardstick: .times(.libpq))
            }
        }
        let scan = Budget(figure: .cpuPerRow, own: .jsonScanned, limit: 300, yardstick: .above(.jsonBytes))
        let server = Comparison(
            workload: .json, title: "JSON into structs: jsonb documents of about 310 bytes with nine members",
            job: "json",
            sql: documents.sql, columns: documents.columns, rows: documents.rows, clients: clients,
            budgets: structs(1.6) + [decodable, flat],
            notes: ["libpq reads the documents as bytes and decodes nothing."],
            secondsGuess: Double(documents.rows) / 3e5)
        return [server, replayed(server, clients: clients, budgets: structs(4.9) + [decodable, scan, flat])]
    }

    /// Rows that cost the server little, so that the client's side of TLS is what is measured.
    private var tls: Comparison {
        encrypted(
            Comparison(
                workload: .tls, title: "TLS: one bytea of 1 KiB", job: "growing",
                sql: payload(1024, rows: scale.tlsRows),
                columns: "b", rows: scale.tlsRows, clients: [], secondsGuess: Double(scale.tlsRows) / 6e5), limit: 0.65)
    }

    /// The same work over TLS. The raw readers have none.
    private func encrypted(_ server: Comparison, limit: Double) -> Comparison {
        Comparison(
            workload: server.workload, title: server.title, source: .serverTLS, job: server.job, sql: server.sql,
            columns: server.columns, rows: server.rows,
            clients: [.libpq, loop, pool, .chunkedLibpq(chunkedLibpq)] + Client.python,
            budgets: [Budget(figure: .cpuPerRow, own: loop, limit: limit, yardstick: .times(.libpq))],
            secondsGuess: server.secondsGuess * 1.5)
    }

    private var wide: [Comparison] {
        let server = Comparison(
            workload: .wide, title: "wide: 12 columns of 12 types", job: "wide", sql: "SELECT * FROM wide",
            columns: "iifxbbbbbbbb", rows: scale.wideRows, clients: streamClients + decoding,
            budgets: [
                Budget(figure: .cpuPerRow, own: decoding[0], limit: 0.50, yardstick: .times(.libpq)),
                Budget(figure: .rate, own: decoding[0], limit: 1.15, yardstick: .times(.libpq), isLowerLimit: true),
            ],
            notes: [
                "libpq decodes int4, int8 and float8 and takes the other nine columns as bytes, as this library does in "
                    + "the shape chunks. In the shapes struct and codable all twelve columns become values of their own "
                    + "types, as in psycopg and asyncpg; text, bytea and jsonb are copied. numeric is left out of the "
                    + "checksum, because its length on the wire is nowhere to be had then."
            ],
            secondsGuess: Double(scale.wideRows) / 8e5)
        let budget = Budget(figure: .cpuPerRow, own: decoding[0], limit: 0.50, yardstick: .times(.libpq))
        return [server, replayed(server, clients: replayClients + decoding, budgets: [budget])]
    }

    private var blobs: [Comparison] {
        let server = Comparison(
            workload: .blobs, title: "blobs: one bytea of 64 KiB", job: "blobs", sql: "SELECT data FROM blob",
            columns: "b", rows: scale.blobs, clients: [.libpq, loop, pool, .sink, .nappingSink],
            budgets: [Budget(figure: .cpuPerRow, own: loop, limit: 1.0, yardstick: .times(.sink))],
            secondsGuess: Double(scale.blobs) / 2e4)
        guard scale.blobs * 65536 < Self.replayBytesMax else { return [server] }
        return [server, replayed(server, clients: [.libpq, loop, pool, .sink], budgets: [])]
    }

    private func growing(_ size: Int) -> [Comparison] {
        let rows = scale.growingRows(of: size)
        let server = Comparison(
            workload: .growing, title: "growing: one bytea of \(bytesText(size))", job: "growing",
            sql: payload(size, rows: rows),
            columns: "b", rows: rows, clients: [.libpq, loop, .sink], secondsGuess: Double(rows * (size + 200)) / 8e8)
        return [server, replayed(server, clients: [.libpq, loop, .sink], budgets: [])]
    }

    private var streamClients: [Client] {
        [.libpq, loop, pool, .chunkedLibpq(chunkedLibpq), .libpqText, .sink, .nappingSink] + Client.python
    }

    private var replayClients: [Client] { [.libpq, loop, pool, .chunkedLibpq(chunkedLibpq), .sink] }

    /// The same work, with the server's answer from memory.
    private func replayed(_ server: Comparison, clients: [Client], budgets: [Budget]) -> Comparison {
        Comparison(
            workload: server.workload, title: server.title, source: .replay, job: server.job, sql: server.sql,
            columns: server.columns, rows: server.rows, clients: clients, budgets: budgets,
            secondsGuess: server.secondsGuess / 2)
    }
}

/// The query for rows of one size.
private func payload(_ size: Int, rows: Int) -> String {
    "SELECT data FROM (SELECT data, generate_series(1, \(rows)) FROM payload WHERE size = \(size)) AS rows"
}

/// The figure of a size with a binary unit.
private func bytesText(_ size: Int) -> String {
    size >= 1 << 20 ? "\(size >> 20) MiB" : size >= 1024 ? "\(size >> 10) KiB" : "\(size) B"
}
