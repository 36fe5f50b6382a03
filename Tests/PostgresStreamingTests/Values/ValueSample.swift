import PostgresStreaming

/// A value of a type of the server in both formats.
struct ValueSample: Sendable {
    let type: PostgresType
    let binary: [UInt8]
    let text: [UInt8]

    private init<Value: PostgresEncodable>(_ type: PostgresType, _ value: Value) throws(PostgresError) {
        self.type = type
        var bytes: [UInt8] = []
        _ = try value.encode(into: &bytes, as: type)
        binary = bytes
        bytes = []
        try value.encodeText(into: &bytes)
        text = bytes
    }

    /// A value whose text form is known and is not that of an array.
    private init<Value: PostgresEncodable>(_ type: PostgresType, _ value: Value, text: String) throws(PostgresError) {
        self.type = type
        var bytes: [UInt8] = []
        _ = try value.encode(into: &bytes, as: type)
        binary = bytes
        self.text = Array(text.utf8)
    }

    /// Whether any number of bytes is a value of the type.
    var isOfAnyLength: Bool {
        [.text, .varchar, .bpchar, .name, .json, .jsonb, .xml, .jsonpath, .bytea].contains(type)
    }

    /// The value, and arrays with it where the type has one.
    private static func with<Value: PostgresEncodable>(
        _ type: PostgresType, _ value: Value, inArrays: Bool = true
    ) throws -> [ValueSample] {
        guard inArrays, let array = type.arrayType else { return [try ValueSample(type, value)] }
        let nested = PostgresArray<Value?>(
            [value, nil, value, value], dimensions: [.init(count: 2, lowerBound: -1), .init(count: 2)])!
        return [
            try ValueSample(type, value), try ValueSample(array, [value, nil]), try ValueSample(array, [Value]()),
            try ValueSample(array, nested),
        ]
    }

    /// One or several of every type.
    static var all: [ValueSample] {
        get throws {
            try [
                numbers, times, words, figures, ranges,
                [
                    ValueSample(.int2vector, [Int16(1), 2, -3], text: "1 2 -3"),
                    ValueSample(.oidvector, [UInt32(1), 2], text: "1 2"),
                ],
            ].flatMap { $0 }
        }
    }

    private static var numbers: [ValueSample] {
        get throws {
            try [
                with(.bool, true), with(.int2, Int16(-2)), with(.int4, Int32(70_000)), with(.int8, -5_000_000_000),
                with(.oid, UInt32(16_384)), with(.regclass, UInt32(1259)), with(.xid, UInt32(7)), with(.cid, UInt32(7)),
                with(.xid8, UInt64(1) << 40), with(.float4, Float(1.5)), with(.float8, -2.5e-7),
                with(.numeric, PostgresNumeric("-12345678901234567890.12345")!),
                with(.numeric, PostgresNumeric.nan), with(.numeric, PostgresNumeric.infinity),
                with(.numeric, PostgresNumeric("0.000")!),
                with(.money, PostgresMoney(minorUnits: -123_456)), with(.pgLSN, PostgresLSN(position: 1 << 40)),
                with(.tid, PostgresTupleID(block: 5, item: 6)),
                with(.pgSnapshot, PostgresSnapshot("10:20:10,14")!), with(.txidSnapshot, PostgresSnapshot("10:20:")!),
            ].flatMap { $0 }
        }
    }

    private static var times: [ValueSample] {
        get throws {
            try [
                with(.date, PostgresDate("0044-03-15 BC")!), with(.date, PostgresDate.infinity),
                with(.time, PostgresTime("24:00:00")!),
                with(.timetz, PostgresTimeTZ("12:00:00.5-03:30")!),
                with(.timestamp, PostgresTimestamp("2024-02-29 12:00:00.5")!),
                with(.timestamptz, PostgresTimestampTZ("0001-01-01 00:00:00+00 BC")!),
                with(.timestamptz, PostgresTimestampTZ.negativeInfinity),
                with(.interval, PostgresInterval("1 year 2 mons -3 days +04:05:06.789")!),
            ].flatMap { $0 }
        }
    }

    private static var words: [ValueSample] {
        get throws {
            try [
                with(.text, "it's \"é\""), with(.varchar, ""), with(.bpchar, "a "), with(.name, "pg_class"),
                with(.json, "[1]"),
                with(.jsonb, Array("{}".utf8), inArrays: false), with(.xml, Array("<a/>".utf8), inArrays: false),
                with(.jsonpath, Array("$".utf8), inArrays: false),
                with(.bytea, [UInt8]([0, 92, 255])),
                with(.char, PostgresChar("x")!), with(.uuid, PostgresUUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")!),
                with(.bit, PostgresBitString("10000001")!), with(.varbit, PostgresBitString("101")!),
                with(.tsvector, PostgresTSVector("'cat':2 'fat':1A,3")!),
                with(.tsquery, PostgresTSQuery("'a' & ( 'b':*A | !'c' <2> 'd' )")!),
            ].flatMap { $0 }
        }
    }

    private static var figures: [ValueSample] {
        get throws {
            try [
                with(.point, PostgresPoint("(1,2.5)")!), with(.lseg, PostgresLineSegment("[(0,0),(1,1)]")!),
                with(.box, PostgresBox("(1,1),(0,0)")!), with(.path, PostgresPath("[(0,0),(1,1)]")!),
                with(.polygon, PostgresPolygon("((0,0),(1,1),(1,0))")!),
                with(.circle, PostgresCircle("<(0,0),2>")!), with(.line, PostgresLine("{1,-1,0}")!),
                with(.inet, PostgresInet("10.1.2.3/8")!), with(.inet, PostgresInet("2001:db8::1")!),
                with(.cidr, PostgresCIDR("10.0.0.0/8")!),
                with(.macaddr, PostgresMACAddress("08:00:2b:01:02:03")!),
                with(.macaddr8, PostgresMACAddress8("08:00:2b:01:02:03:04:05")!),
            ].flatMap { $0 }
        }
    }

    private static var ranges: [ValueSample] {
        get throws {
            try [
                with(.int4range, PostgresRange<Int32>("[1,5)")!), with(.int8range, PostgresRange<Int64>("empty")!),
                with(.numrange, PostgresRange<PostgresNumeric>("(1.5,2.50]")!),
                with(.daterange, PostgresRange<PostgresDate>("[2024-02-29,infinity)")!),
                with(.tsrange, PostgresRange<PostgresTimestamp>("(,\"2024-02-29 12:00:00\")")!),
                with(.tstzrange, PostgresRange<PostgresTimestampTZ>("(,)")!),
                with(.int4multirange, PostgresMultirange<Int32>("{[1,5),[7,9)}")!),
                with(.int8multirange, PostgresMultirange<Int64>("{}")!),
                with(.nummultirange, PostgresMultirange<PostgresNumeric>("{(,1.5)}")!),
                with(.datemultirange, PostgresMultirange<PostgresDate>("{[2024-02-29,)}")!),
                with(.tsmultirange, PostgresMultirange<PostgresTimestamp>("{(,)}")!),
                with(.tstzmultirange, PostgresMultirange<PostgresTimestampTZ>("{(,)}")!),
            ].flatMap { $0 }
        }
    }
}
