import PostgresStreaming

/// A Swift type that cells become, and the types of the server that it holds.
struct SwiftType: Sendable {
    let name: String
    let accepts: Set<PostgresType>
    /// Whether it depends on the value, and not on the column's type alone, whether there is one.
    let isByValue: Bool
    private let decodeAgain: @Sendable ([UInt8], PostgresType, PostgresCell.Format) throws(PostgresError) -> [UInt8]

    init<Value: PostgresDecodable & PostgresEncodable>(
        _ type: Value.Type, _ accepts: Set<PostgresType>, isByValue: Bool
    ) {
        name = "\(type)"
        self.accepts = accepts
        self.isByValue = isByValue
        decodeAgain = { (bytes, type, format) throws(PostgresError) in
            let value = try PostgresStreamingTests.decode(bytes, type, format, as: Value.self)
            var again: [UInt8] = []
            if format == .text {
                try value.encodeText(into: &again)
                return again
            }
            // What is only sent as text is of no use to compare binary forms.
            return try value.encode(into: &again, as: type) == .binary ? again : bytes
        }
    }

    /// Decodes bytes as a cell of the type and encodes the value in the same format.
    func recode(_ bytes: [UInt8], _ type: PostgresType, _ format: PostgresCell.Format) throws(PostgresError) -> [UInt8]
    {
        try decodeAgain(bytes, type, format)
    }

    /// Every type, and arrays of it both ways.
    static let all: [SwiftType] = scalars.flatMap { $0 }

    private static func with<Value: PostgresDecodable & PostgresEncodable>(
        _ type: Value.Type, _ accepts: PostgresType..., isByValue: Bool = false
    ) -> [SwiftType] {
        let arrays = accepts.compactMap(\.arrayType) + (accepts.contains(.int2) ? [.int2vector] : [])
        let vectors: [PostgresType] = accepts.contains(.oid) ? [.oidvector] : []
        return [
            SwiftType(Value.self, Set(accepts), isByValue: isByValue),
            SwiftType([Value?].self, Set(arrays + vectors), isByValue: isByValue),
            SwiftType(PostgresArray<Value?>.self, Set(arrays + vectors), isByValue: isByValue),
        ]
    }

    private static let scalars: [[SwiftType]] = [
        with(Bool.self, .bool), with(Int16.self, .int2), with(Int32.self, .int2, .int4),
        with(Int64.self, .int2, .int4, .int8, .oid), with(Int.self, .int2, .int4, .int8, .oid),
        with(
            UInt32.self, .int2, .int4, .int8, .oid, .xid, .cid, .regproc, .regprocedure, .regoper, .regoperator,
            .regclass, .regtype,
            .regconfig, .regdictionary, .regnamespace, .regrole, .regcollation, isByValue: true),
        with(UInt64.self, .int2, .int4, .int8, .xid8, .oid, .xid, .cid, isByValue: true),
        with(UInt.self, .int2, .int4, .int8, .xid8, .oid, isByValue: true), with(Int8.self, .int2, isByValue: true),
        with(UInt8.self, .int2, isByValue: true), with(UInt16.self, .int2, .int4, isByValue: true),
        with(Duration.self, .interval, isByValue: true), with(Float.self, .float4), with(Double.self, .float4, .float8),
        with(PostgresNumeric.self, .numeric), with(PostgresMoney.self, .money),
        with(
            String.self, .text, .varchar, .bpchar, .name, .json, .jsonb, .jsonpath, .xml, .unknown, .cstring,
            .refcursor, .pgNodeTree),
        with(
            [UInt8].self, .bytea, .text, .varchar, .bpchar, .name, .json, .jsonb, .jsonpath, .xml, .unknown, .cstring,
            .refcursor, .pgNodeTree),
        with(PostgresChar.self, .char), with(PostgresUUID.self, .uuid), with(PostgresBitString.self, .bit, .varbit),
        with(PostgresDate.self, .date), with(PostgresTime.self, .time), with(PostgresTimeTZ.self, .timetz),
        with(PostgresTimestamp.self, .timestamp), with(PostgresTimestampTZ.self, .timestamptz),
        with(PostgresInterval.self, .interval), with(PostgresInet.self, .inet, .cidr), with(PostgresCIDR.self, .cidr),
        with(PostgresMACAddress.self, .macaddr), with(PostgresMACAddress8.self, .macaddr8),
        with(PostgresPoint.self, .point), with(PostgresLineSegment.self, .lseg), with(PostgresBox.self, .box),
        with(PostgresPath.self, .path), with(PostgresPolygon.self, .polygon), with(PostgresCircle.self, .circle),
        with(PostgresLine.self, .line), with(PostgresLSN.self, .pgLSN), with(PostgresTupleID.self, .tid),
        with(PostgresSnapshot.self, .pgSnapshot, .txidSnapshot), with(PostgresTSVector.self, .tsvector),
        with(PostgresTSQuery.self, .tsquery), with(PostgresRange<Int32>.self, .int4range),
        with(PostgresRange<Int64>.self, .int4range, .int8range), with(PostgresRange<PostgresNumeric>.self, .numrange),
        with(PostgresRange<PostgresDate>.self, .daterange), with(PostgresRange<PostgresTimestamp>.self, .tsrange),
        with(PostgresRange<PostgresTimestampTZ>.self, .tstzrange),
        with(PostgresMultirange<Int64>.self, .int4multirange, .int8multirange),
        with(PostgresMultirange<PostgresNumeric>.self, .nummultirange),
        with(PostgresMultirange<PostgresDate>.self, .datemultirange),
        with(PostgresMultirange<PostgresTimestamp>.self, .tsmultirange),
        with(PostgresMultirange<PostgresTimestampTZ>.self, .tstzmultirange),
    ]
}
