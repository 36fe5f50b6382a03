import PostgresWire

/// Values as the types that the server named: each is made from the form that it has by itself.
extension BoundParameters {
    /// The integers, by their indices, that fit into `integer`, and arrays of such: what they can be declared with.
    package var narrowTypes: [Int: UInt32] {
        var narrow: [Int: UInt32] = [:]
        for (index, type, value) in values where type.isOpen {
            let narrower: PostgresType
            switch PostgresType(rawValue: type.oid) {
            case .int8, .int2, .oid, .xid8: narrower = .int4
            case .int8Array, .int2Array, .oidArray, .xid8Array: narrower = .int4Array
            case .int8range: narrower = .int4range
            default: continue
            }
            guard let value, fits(value, of: type.oid, narrower.rawValue) else { continue }
            narrow[index] = narrower.rawValue
        }
        return narrow
    }

    private func fits(_ value: Range<Int>, of type: UInt32, _ other: UInt32) -> Bool {
        var bytes: [UInt8] = []
        do throws(PostgresError) {
            _ = try write(value, of: type, as: other, into: &bytes)
        } catch {
            return false
        }
        return true
    }

    /// Returns the values as these types; nil where integers are out of the range of a type that the server named, whose
    /// indices are then put into `exceeding`.
    ///
    /// - Throws: `parameterInvalid` for any other value that its type does not have.
    package func written(as types: [UInt32], exceeding: inout [Int]) throws(PostgresError) -> BoundParameters? {
        var missed: [Int] = []
        let written = try rewritten { index, value, bytes throws(PostgresError) -> FormatCode in
            let (type, target) = (self.types[index].oid, types[index])
            guard target != type else {
                bytes += cells[value]
                return formats[index]
            }
            do throws(PostgresError) {
                return try write(value, of: type, as: target, into: &bytes) == .binary ? .binary : .text
            } catch {
                guard Self.isInteger(type), Self.isInteger(target) else {
                    throw PostgresError(error, message: "parameter $\(index + 1): \(error.message)")
                }
                missed.append(index)
                return .binary
            }
        }
        exceeding = missed
        return missed.isEmpty ? written : nil
    }

    private static func isInteger(_ type: UInt32) -> Bool {
        switch PostgresType(rawValue: type) {
        case .int2, .int4, .int8, .int2Array, .int4Array, .int8Array, .int4range, .int8range: true
        default: false
        }
    }

    private func write(
        _ value: Range<Int>, of type: UInt32, as other: UInt32, into bytes: inout [UInt8]
    ) throws(PostgresError) -> PostgresCell.Format {
        let (type, other) = (PostgresType(rawValue: type), PostgresType(rawValue: other))
        let cells = cells
        let cell = unsafe PostgresCell(cells.span.bytes.extracting(value), type: type, format: .binary)
        switch type {
        case .int8: return try Int(cell: cell).encode(into: &bytes, as: other)
        case .int4: return try Int32(cell: cell).encode(into: &bytes, as: other)
        case .int2: return try Int16(cell: cell).encode(into: &bytes, as: other)
        case .oid: return try UInt32(cell: cell).encode(into: &bytes, as: other)
        case .xid8: return try UInt64(cell: cell).encode(into: &bytes, as: other)
        case .int8range: return try PostgresRange<Int>(cell: cell).encode(into: &bytes, as: other)
        case .int4range: return try PostgresRange<Int32>(cell: cell).encode(into: &bytes, as: other)
        case .float8: return try Double(cell: cell).encode(into: &bytes, as: other)
        case .float4: return try Float(cell: cell).encode(into: &bytes, as: other)
        case .bytea: return try [UInt8](cell: cell).encode(into: &bytes, as: other)
        case .timestamptz, .timestamptzArray: throw .needsTimeZone(type, as: other)
        case .int8Array: return try PostgresArray<Int?>(cell: cell).encode(into: &bytes, as: other)
        case .int4Array: return try PostgresArray<Int32?>(cell: cell).encode(into: &bytes, as: other)
        case .int2Array: return try PostgresArray<Int16?>(cell: cell).encode(into: &bytes, as: other)
        case .oidArray: return try PostgresArray<UInt32?>(cell: cell).encode(into: &bytes, as: other)
        case .xid8Array: return try PostgresArray<UInt64?>(cell: cell).encode(into: &bytes, as: other)
        case .float8Array: return try PostgresArray<Double?>(cell: cell).encode(into: &bytes, as: other)
        case .float4Array: return try PostgresArray<Float?>(cell: cell).encode(into: &bytes, as: other)
        case .byteaArray: return try PostgresArray<[UInt8]?>(cell: cell).encode(into: &bytes, as: other)
        default:
            throw PostgresError(.parameterInvalid, "cannot encode a value of type \(type) as \(other)")
        }
    }

    private var values: ParameterValues { ParameterValues(of: self) }
}

/// The parameters with their indices, their types and where their values lie, nil for NULL.
private struct ParameterValues: Sequence, IteratorProtocol {
    private let parameters: BoundParameters
    private var index = 0
    private var offset = 0

    init(of parameters: BoundParameters) { self.parameters = parameters }

    mutating func next() -> (Int, ParameterType, Range<Int>?)? {
        guard index < parameters.count else { return nil }
        let value = parameters.value(at: offset)
        offset = value?.upperBound ?? offset + 4
        defer { index += 1 }
        return (index, parameters.types[index], value)
    }
}

extension PostgresError {
    /// The error for a point in time where the statement takes something that lies in no time zone.
    fileprivate static func needsTimeZone(_ type: PostgresType, as other: PostgresType) -> PostgresError {
        let swift: String =
            switch other {
            case .date, .dateArray: "PostgresDate"
            case .time, .timeArray: "PostgresTime"
            case .timetz, .timetzArray: "PostgresTimeTZ"
            default: "PostgresTimestamp"
            }
        return PostgresError(
            .parameterInvalid,
            "cannot encode a point in time as \(other), which depends on a time zone",
            hint: "Pass a \(swift), or say in the SQL in which time zone it is meant: "
                + "(\\(date, as: .timestamptz) AT TIME ZONE 'UTC')::\(other).")
    }
}
