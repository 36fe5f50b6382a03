/// The version of this library, as in `PostgresStreaming.version`: semantic, and what the changelog begins with.
public let version = "1.0.0"
