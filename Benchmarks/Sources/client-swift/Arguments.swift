import PostgresStreaming

/// What the command line asks for.
struct Arguments: Sendable {
    var url = ""
    var workload = ""
    var sql = ""
    /// A letter for each column; see `ColumnKind`.
    var columns = ""
    var operations = 1
    var connections = 1
    var shape = RowShape.chunks
    /// The value that is decoded or encoded; see `ValueCase`.
    var value = ""
    var way = ValueWay.binary
    var isOnLoop = true
    var options = StreamOptions()

    static let usage = """
        usage: client-swift --url URL --workload NAME --sql SQL [--columns SPEC] [--operations N] [--connections N]
                            [--shape chunks|struct|tuple|rows|codable] [--place loop|pool] [--gather MICROSECONDS]
                            [--value NAME] [--way binary|text|encode] [--busy-poll MICROSECONDS]
          NAME is roundtrip, pipeline, load, copy-out, copy-rows, copy-in, copy-across, connect, first-row, early-exit, connections, value, huge-out, huge-in, or anything else for a stream of rows.
          SPEC has a letter for each column: i integer, f float8, b length in bytes, x ignored.
        """

    init(_ words: some Sequence<String>) throws(Refusal) {
        var iterator = words.makeIterator()
        while let name = iterator.next() {
            guard let value = iterator.next() else { throw Refusal("\(name) needs a value") }
            try set(name, value)
        }
        guard !url.isEmpty, !workload.isEmpty else { throw Refusal("--url and --workload are needed") }
    }

    private mutating func set(_ name: String, _ value: String) throws(Refusal) {
        switch name {
        case "--url": url = value
        case "--workload": workload = value
        case "--sql": sql = value
        case "--columns": columns = value
        case "--operations": operations = try Self.count(name, value)
        case "--connections": connections = try Self.count(name, value)
        case "--gather": options.gatherTimeMax = .microseconds(try Self.count(name, value))
        case "--busy-poll": PostgresEventLoops.busyPollTime = .microseconds(try Self.count(name, value))
        case "--shape":
            guard let shape = RowShape(rawValue: value) else { throw Refusal("there is no shape \(value)") }
            self.shape = shape
        case "--value": self.value = value
        case "--way":
            guard let way = ValueWay(rawValue: value) else { throw Refusal("there is no way \(value)") }
            self.way = way
        case "--place":
            guard ["loop", "pool"].contains(value) else { throw Refusal("there is no place \(value)") }
            isOnLoop = value == "loop"
        default: throw Refusal("there is no option \(name)")
        }
    }

    private static func count(_ name: String, _ value: String) throws(Refusal) -> Int {
        guard let count = Int(value), count > 0 || ["--gather", "--busy-poll"].contains(name) && count == 0 else {
            throw Refusal("\(name) takes a number above zero")
        }
        return count
    }
}

/// What is done with a value.
enum ValueWay: String {
    case binary, text, encode
}

/// Something that the command line asks for and that does not exist.
struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
