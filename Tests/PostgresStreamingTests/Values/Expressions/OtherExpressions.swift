import PostgresStreaming

/// Figures, addresses, places within the server, ranges and multiranges.
enum OtherExpressions {
    static let all: [TypeExpressions] =
        figures + addresses + places
        + [
            TypeExpressions("int4range", PostgresRange<Int32>.self, ranges("-2147483648", "0", "1", "2147483647")),
            TypeExpressions(
                "int8range", PostgresRange<Int64>.self, ranges("-9223372036854775808", "-5", "5", "9223372036854775807")
            ),
            TypeExpressions(
                "numrange", PostgresRange<PostgresNumeric>.self, ranges("-Infinity", "-1.50", "1.50", "Infinity")),
            TypeExpressions(
                "daterange", PostgresRange<PostgresDate>.self,
                ranges("-infinity", "1999-12-31", "2000-01-02", "infinity")),
            TypeExpressions(
                "tsrange", PostgresRange<PostgresTimestamp>.self,
                ranges("0044-03-15 12:00 BC", "2000-01-01", "2024-02-29 12:00:00.5", "infinity")),
            TypeExpressions(
                "tstzrange", PostgresRange<PostgresTimestampTZ>.self,
                ranges("-infinity", "2000-01-01 00:00+01", "2024-02-29 12:00+00", "infinity")),
            TypeExpressions("int4multirange", PostgresMultirange<Int32>.self, multiranges("1", "5", "7", "9")),
            TypeExpressions("int8multirange", PostgresMultirange<Int64>.self, multiranges("-9", "-5", "5", "9")),
            TypeExpressions(
                "nummultirange", PostgresMultirange<PostgresNumeric>.self, multiranges("-1.5", "0.00", "0.10", "1e20")),
            TypeExpressions(
                "datemultirange", PostgresMultirange<PostgresDate>.self,
                multiranges("0044-03-15 BC", "2000-01-01", "2001-01-01", "9999-12-31")),
            TypeExpressions(
                "tsmultirange", PostgresMultirange<PostgresTimestamp>.self,
                multiranges("1999-01-01", "2000-01-01", "2001-01-01", "2002-01-01")),
            TypeExpressions(
                "tstzmultirange", PostgresMultirange<PostgresTimestampTZ>.self,
                multiranges("1999-01-01+00", "2000-01-01+00", "2001-01-01+00", "2002-01-01+00")),
        ]

    private static let figures: [TypeExpressions] = [
        TypeExpressions(
            "point", PostgresPoint.self,
            ["'(0,0)'", "'(1.5,-2.25)'", "'(NaN,Infinity)'", "'(1e-300,1e300)'", "'(0.1,123456789012345678)'"]),
        TypeExpressions(
            "lseg", PostgresLineSegment.self, ["'[(0,0),(1,1)]'", "'[(1.5,2),(1.5,2)]'", "'[(-1e20,0),(0,1e-5)]'"]),
        TypeExpressions(
            "box", PostgresBox.self, ["'(1,1),(0,0)'", "'(0,0),(1,1)'", "'(-1,5),(3,-2)'", "'(0,0),(0,0)'"]),
        TypeExpressions(
            "path", PostgresPath.self, ["'[(0,0)]'", "'((0,0))'", "'[(0,0),(1,1),(2,0)]'", "'((0,0),(1,1),(2,0.5))'"]),
        TypeExpressions(
            "polygon", PostgresPolygon.self,
            ["'((0,0))'", "'((0,0),(1,1),(2,0))'", "'((-1.5,0),(0,1e10),(1.5,0),(0,-1e-10))'"]),
        TypeExpressions("circle", PostgresCircle.self, ["'<(0,0),0>'", "'<(1,-1),2.5>'", "'<(1e15,1e14),Infinity>'"]),
        TypeExpressions("line", PostgresLine.self, ["'{1,-1,0}'", "'{0,1,2.5}'", "'{-1e-5,0,1e20}'"]),
    ]

    private static let addresses: [TypeExpressions] = [
        TypeExpressions(
            "inet", PostgresInet.self,
            [
                "'0.0.0.0'", "'255.255.255.255'", "'192.168.0.1/24'", "'10.0.0.0/0'", "'10.1.2.3/32'", "'::'", "'::1'",
                "'::/0'",
                "'2001:db8::1/64'", "'2001:db8:0:0:1:0:0:1'", "'1:0:0:2:0:0:0:3'", "'::ffff:1.2.3.4'", "'::1.2.3.4'",
                "'::2'",
                "'::ffff:0:0'", "'1::'", "'1:2:3:4:5:6:7:8'", "'1:2:3:4:5:6:7::'", "'::2:3:4:5:6:7:8'", "'0:0:1::'",
                "'fe80::1/10'",
                "'::ffff:ffff:1.2.3.4'", "'::1:0'", "'64:ff9b::192.0.2.1'", "'0:0:0:0:0:0:1:1'",
            ]),
        TypeExpressions(
            "cidr", PostgresCIDR.self,
            [
                "'0.0.0.0/0'", "'10.0.0.0/8'", "'192.168.1.1/32'", "'::/0'", "'2001:db8::/32'", "'::1/128'",
                "'::ffff:1.2.3.0/120'",
            ]),
        TypeExpressions(
            "macaddr", PostgresMACAddress.self, ["'00:00:00:00:00:00'", "'ff:ff:ff:ff:ff:ff'", "'08:00:2b:01:02:03'"]),
        TypeExpressions(
            "macaddr8", PostgresMACAddress8.self,
            ["'00:00:00:00:00:00:00:00'", "'ff:ff:ff:ff:ff:ff:ff:ff'", "'08:00:2b:01:02:03:04:05'"]),
    ]

    private static let places: [TypeExpressions] = [
        TypeExpressions("pg_lsn", PostgresLSN.self, ["'0/0'", "'16/B374D848'", "'FFFFFFFF/FFFFFFFF'", "'0/1'"]),
        TypeExpressions("tid", PostgresTupleID.self, ["'(0,0)'", "'(0,1)'", "'(4294967295,65535)'"]),
        TypeExpressions(
            "pg_snapshot", PostgresSnapshot.self, ["'1:1:'", "'10:20:10,14,15'", "'1:9223372036854775807:5'"]),
        TypeExpressions("txid_snapshot", PostgresSnapshot.self, ["'1:1:'", "'10:20:10,14,15'"]),
    ]

    /// All ways to write the bounds of a range over values in ascending order.
    private static func ranges(_ values: String...) -> [String] {
        var ranges = ["'empty'", "'(,)'"]
        for index in values.indices.dropLast() {
            let (low, high) = (values[index], values[index + 1])
            ranges += [
                "'[\"\(low)\",\"\(high)\")'", "'(\"\(low)\",\"\(high)\")'", "'[\"\(low)\",)'", "'(,\"\(high)\")'",
                "'(\"\(low)\",)'", "'[\"\(low)\",\"\(low)\")'",
            ]
            // The successor of the last value is not a value where the type counts in steps.
            if index < values.count - 2 {
                ranges += [
                    "'[\"\(low)\",\"\(high)\"]'", "'(\"\(low)\",\"\(high)\"]'", "'(,\"\(high)\"]'",
                    "'[\"\(high)\",\"\(high)\"]'",
                ]
            }
        }
        return ranges
    }

    private static func multiranges(_ values: String...) -> [String] {
        let (first, second) = ("[\"\(values[0])\",\"\(values[1])\")", "[\"\(values[2])\",\"\(values[3])\")")
        return [
            "'{}'", "'{\(first)}'", "'{\(first),\(second)}'", "'{\(second),\(first)}'", "'{(,)}'", "'{empty}'",
            "'{(,\"\(values[0])\"),\(second)}'", "'{\(first),[\"\(values[2])\",)}'",
        ]
    }
}
