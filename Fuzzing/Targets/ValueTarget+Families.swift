import PostgresStreaming

extension ValueTarget {
    static let numbers = ValueTarget([
        Decoder(.int2, Int16.self, "-32768"), Decoder(.int4, Int32.self, "2147483647"),
        Decoder(.int8, Int64.self, "-1"),
        Decoder(.oid, UInt32.self, "4294967295"), Decoder(.xid8, UInt64.self, "18446744073709551615"),
        Decoder(.float4, Float.self, "1.5", "NaN"), Decoder(.float8, Double.self, "-1e-7", "Infinity"),
        Decoder(.numeric, PostgresNumeric.self, "-12345678901234567890.12300", "NaN", "-Infinity", "0.000", "1e5"),
        Decoder(.money, PostgresMoney.self, "-$1,234.56"), Decoder(.bool, Bool.self, "t"),
    ])

    static let times = ValueTarget([
        Decoder(.date, PostgresDate.self, "0044-03-15 BC", "infinity"), Decoder(.time, PostgresTime.self, "24:00:00"),
        Decoder(.timetz, PostgresTimeTZ.self, "12:00:00.5-03:30:15"),
        Decoder(.timestamp, PostgresTimestamp.self, "2024-02-29 12:00:00.5", "-infinity"),
        Decoder(.timestamptz, PostgresTimestampTZ.self, "0001-01-01 00:00:00+05:30 BC"),
        Decoder(
            .interval, PostgresInterval.self, "1 year 2 mons -3 days +04:05:06.789", "@ 1 day 2 hours 3.5 secs ago",
            "P1Y2M-3DT4H5M6.789S", "+1-2 -3 +4:05:06.789", "infinity"),
    ])

    static let words = ValueTarget([
        Decoder(.text, String.self, "it's \"é\""), Decoder(.jsonb, String.self, "{}"),
        Decoder(.bytea, [UInt8].self, "\\x00ff", "a\\001\\\\"),
        Decoder(.uuid, PostgresUUID.self, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        Decoder(.char, PostgresChar.self, "\\377", "x"),
        Decoder(.varbit, PostgresBitString.self, "10101"), Decoder(.pgLSN, PostgresLSN.self, "16/B374D848"),
        Decoder(.tid, PostgresTupleID.self, "(0,1)"), Decoder(.pgSnapshot, PostgresSnapshot.self, "10:20:10,14"),
    ])

    static let search = ValueTarget([
        Decoder(.tsvector, PostgresTSVector.self, "'cat':2 'fat':1A,3B 'it''s'"),
        Decoder(.tsquery, PostgresTSQuery.self, "'a' & ( 'b':*AD | !'c' <2> ( 'd' <-> 'e' ) )", ""),
    ])

    static let figures = ValueTarget([
        Decoder(.point, PostgresPoint.self, "(1,2.5)"), Decoder(.lseg, PostgresLineSegment.self, "[(0,0),(1,1e20)]"),
        Decoder(.box, PostgresBox.self, "(1,1),(0,0)"), Decoder(.path, PostgresPath.self, "[(0,0),(1,1)]", "((0,0))"),
        Decoder(.polygon, PostgresPolygon.self, "((0,0),(1,1),(1,0))"),
        Decoder(.circle, PostgresCircle.self, "<(0,0),2>"),
        Decoder(.line, PostgresLine.self, "{1,-1,0}"),
    ])

    static let addresses = ValueTarget([
        Decoder(.inet, PostgresInet.self, "10.1.2.3/8", "::ffff:1.2.3.4", "2001:db8::1/64"),
        Decoder(.cidr, PostgresCIDR.self, "10.0.0.0/8", "1::/16"),
        Decoder(.macaddr, PostgresMACAddress.self, "08:00:2b:01:02:03"),
        Decoder(.macaddr8, PostgresMACAddress8.self, "08:00:2b:01:02:03:04:05"),
    ])

    static let arrays = ValueTarget([
        Decoder(.int4Array, [Int32?].self, "{1,NULL,-3}"), Decoder(.int4Array, [[Int32]].self, "{{1,2},{3,4}}"),
        Decoder(.textArray, PostgresArray<String?>.self, "[0:1][2:2]={{\"a,\\\"\"},{NULL}}"),
        Decoder(.byteaArray, [[UInt8]].self, "{\"\\\\x00\"}"),
        Decoder(.boxArray, PostgresArray<PostgresBox>.self, "{(1,1),(0,0);(2,2),(0,0)}"),
        Decoder(.int2Array, [Int16].self, "{1,2}"),
        Decoder(.numrangeArray, [PostgresRange<PostgresNumeric>].self, "{\"[1,2)\",empty}"),
        Decoder(PostgresType(rawValue: 20_000), [String].self, "{a}"),
    ])

    static let ranges = ValueTarget([
        Decoder(.int4range, PostgresRange<Int32>.self, "[1,5)", "empty", "(,)"),
        Decoder(.numrange, PostgresRange<PostgresNumeric>.self, "(1.5,2.50]"),
        Decoder(.tstzrange, PostgresRange<PostgresTimestampTZ>.self, "[\"2024-02-29 12:00:00+00\",infinity)"),
        Decoder(.int8multirange, PostgresMultirange<Int64>.self, "{[1,5),[7,)}"),
        Decoder(.datemultirange, PostgresMultirange<PostgresDate>.self, "{[2024-02-29,2024-03-01)}"),
    ])
}
