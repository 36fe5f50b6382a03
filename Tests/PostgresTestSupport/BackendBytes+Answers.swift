import PostgresWire

/// The answers that most scripts are made of.
extension BackendBytes {
    /// The process ID in the key of `welcome`.
    package static let processID: Int32 = 4711
    /// The secret in the key of `welcome`.
    package static let secretKey: [UInt8] = [0xDE, 0xAD, 0xBE, 0xEF]

    /// Authentication ok, parameters, the cancel key and ReadyForQuery.
    package static var welcome: [UInt8] {
        BackendBytes().authentication(0).parameter("client_encoding", "UTF8").parameter("server_version", "17.0")
            .message("K", int32(processID) + secretKey).ready().bytes
    }

    /// The same without a cancel key.
    package static var welcomeWithoutKey: [UInt8] {
        BackendBytes().authentication(0).parameter("client_encoding", "UTF8").ready().bytes
    }

    /// The answer to an extended query up to its rows: one column `n` of type `int8`, binary.
    package static var beginning: BackendBytes {
        BackendBytes().message("1").message("2").message("T", int16(1) + column("n", typeOID: 20, size: 8))
    }

    /// A whole answer to an extended query with rows of one number each.
    package static func answer(_ numbers: ClosedRange<Int64>, status: Character = "I") -> [UInt8] {
        beginning.rows(numbers).complete("SELECT \(numbers.count)").ready(status).bytes
    }

    /// The answer to a statement that is to be described, with rows of one number each.
    package static func description(status: Character = "I") -> [UInt8] {
        let columns = int16(1) + column("n", typeOID: 20, size: 8)
        return BackendBytes().message("1").message("t", int16(0)).message("T", columns).ready(status).bytes
    }

    /// A column's description, in the binary format.
    package static func column(_ name: String, typeOID: Int32, size: Int16) -> [UInt8] {
        string(name) + int32(0) + int16(0) + int32(typeOID) + int16(size) + int32(-1) + int16(1)
    }

    package func authentication(_ code: Int32, _ data: [UInt8] = []) -> BackendBytes {
        message("R", Self.int32(code) + data)
    }

    package func parameter(_ name: String, _ value: String) -> BackendBytes {
        message("S", Self.string(name) + Self.string(value))
    }

    package func ready(_ status: Character = "I") -> BackendBytes { message("Z", Array("\(status)".utf8)) }

    package func complete(_ tag: String) -> BackendBytes { message("C", Self.string(tag)) }

    /// Rows of one number each, binary.
    package consuming func rows(_ numbers: ClosedRange<Int64>) -> BackendBytes {
        for number in numbers { append(row: [Self.int64(number)]) }
        return self
    }

    package func error(_ severity: String, _ sqlState: String, _ text: String) -> BackendBytes {
        message("E", Self.fields(severity, sqlState, text))
    }

    package func notice(_ text: String) -> BackendBytes { message("N", Self.fields("NOTICE", "00000", text)) }

    private static func fields(_ severity: String, _ sqlState: String, _ text: String) -> [UInt8] {
        string("S\(severity)") + string("V\(severity)") + string("C\(sqlState)") + string("M\(text)") + [0]
    }
}
