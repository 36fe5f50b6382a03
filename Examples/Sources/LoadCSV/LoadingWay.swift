import PostgresStreaming

/// How rows come into a table.
enum LoadingWay: String, CaseIterable {
    case oneByOne = "one by one"
    case pipeline
    case executeMany
    case arrays = "arrays by unnest"

    func load(_ readings: [Reading], in transaction: PostgresTransaction) async throws {
        switch self {
        case .oneByOne:
            for reading in readings { try await transaction.execute(reading.insert) }
        case .pipeline:
            try await transaction.withPipeline { pipeline in
                for reading in readings { try await pipeline.execute(reading.insert) }
            }
        case .executeMany:
            let rows = readings.lazy.map { ($0.id, $0.station, $0.value, $0.isValid, $0.day) }
            try await transaction.executeMany("INSERT INTO reading VALUES ($1, $2, $3, $4, $5)", over: rows)
        case .arrays:
            // Some thousand rows at a time: both sides hold the parameters of a statement in memory.
            for start in stride(from: 0, to: readings.count, by: 5_000) {
                try await transaction.execute(insert(readings[start..<min(start + 5_000, readings.count)]))
            }
        }
    }

    private func insert(_ readings: ArraySlice<Reading>) -> PostgresQuery {
        """
        INSERT INTO reading
        SELECT * FROM unnest(\(readings.map(\.id))::int[], \(readings.map(\.station))::text[],
            \(readings.map(\.value))::float4[], \(readings.map(\.isValid)), \(readings.map(\.day)))
        """
    }
}

extension Reading {
    var insert: PostgresQuery { "INSERT INTO reading VALUES (\(id), \(station), \(value), \(isValid), \(day))" }
}
