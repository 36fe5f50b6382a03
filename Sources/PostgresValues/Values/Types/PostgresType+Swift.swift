extension PostgresType {
    /// The Swift type that values of the type decode into; nil where none is known.
    var swiftName: String? {
        if let name = Self.swiftNames[self] { return name }
        if let element = elementType, let name = element.swiftName { return "[\(name)]" }
        if let bound = boundType, let name = bound.swiftName {
            return bound.rangeType == self ? "PostgresRange<\(name)>" : "PostgresMultirange<\(name)>"
        }
        return isPlainText ? "String" : isObjectID ? "UInt32" : nil
    }

    /// The type's name in a cast, as people write it.
    var castName: String {
        if let name = Self.shortNames[self] { return name }
        if let element = BuiltInType.byArray[self]?.type { return "\(element.castName)[]" }
        return description
    }

    /// Whether values of the type are numbers, of which each can be cast into every other.
    var isNumber: Bool {
        switch self {
        case .int2, .int4, .int8, .float4, .float8, .numeric: true
        default: false
        }
    }

    /// Whether values of the type are JSON documents.
    var isJSON: Bool { self == .json || self == .jsonb }

    private static let shortNames: [PostgresType: String] = [
        .bool: "bool", .int2: "int2", .int4: "int4", .int8: "int8", .float4: "float4", .float8: "float8",
        .timestamp: "timestamp", .timestamptz: "timestamptz", .time: "time", .timetz: "timetz", .varchar: "varchar",
    ]

    private static let swiftNames: [PostgresType: String] = [
        .bool: "Bool", .bytea: "[UInt8]", .char: "PostgresChar", .int2: "Int16", .int4: "Int32", .int8: "Int",
        .tid: "PostgresTupleID", .xid: "UInt32", .cid: "UInt32", .xid8: "UInt64", .json: "String",
        .jsonb: "String", .jsonpath: "String", .xml: "String", .pgNodeTree: "String", .float4: "Float",
        .float8: "Double", .numeric: "PostgresNumeric", .money: "PostgresMoney", .uuid: "PostgresUUID",
        .date: "PostgresDate", .time: "PostgresTime", .timetz: "PostgresTimeTZ", .timestamp: "PostgresTimestamp",
        .timestamptz: "PostgresTimestampTZ", .interval: "PostgresInterval",
        .bit: "PostgresBitString", .varbit: "PostgresBitString", .inet: "PostgresInet", .cidr: "PostgresCIDR",
        .macaddr: "PostgresMACAddress", .macaddr8: "PostgresMACAddress8", .point: "PostgresPoint",
        .lseg: "PostgresLineSegment", .box: "PostgresBox", .path: "PostgresPath", .polygon: "PostgresPolygon",
        .circle: "PostgresCircle", .line: "PostgresLine", .pgLSN: "PostgresLSN", .pgSnapshot: "PostgresSnapshot",
        .txidSnapshot: "PostgresSnapshot", .tsvector: "PostgresTSVector", .tsquery: "PostgresTSQuery",
        .record: "PostgresRecord",
    ]
}
