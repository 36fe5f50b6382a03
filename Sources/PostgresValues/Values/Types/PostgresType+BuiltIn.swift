// The object IDs are those of `pg_type.dat` in the server's sources and the same in every release.

extension PostgresType {
    /// `boolean`
    @inlinable public static var bool: PostgresType { PostgresType(rawValue: 16) }
    /// `bytea`
    @inlinable public static var bytea: PostgresType { PostgresType(rawValue: 17) }
    /// `"char"`, one byte
    @inlinable public static var char: PostgresType { PostgresType(rawValue: 18) }
    /// `name`, an identifier
    @inlinable public static var name: PostgresType { PostgresType(rawValue: 19) }
    /// `bigint`
    @inlinable public static var int8: PostgresType { PostgresType(rawValue: 20) }
    /// `smallint`
    @inlinable public static var int2: PostgresType { PostgresType(rawValue: 21) }
    /// `int2vector`
    @inlinable public static var int2vector: PostgresType { PostgresType(rawValue: 22) }
    /// `integer`
    @inlinable public static var int4: PostgresType { PostgresType(rawValue: 23) }
    /// `regproc`
    @inlinable public static var regproc: PostgresType { PostgresType(rawValue: 24) }
    /// `text`
    @inlinable public static var text: PostgresType { PostgresType(rawValue: 25) }
    /// `oid`
    @inlinable public static var oid: PostgresType { PostgresType(rawValue: 26) }
    /// `tid`, where a row lies
    @inlinable public static var tid: PostgresType { PostgresType(rawValue: 27) }
    /// `xid`, a transaction's number
    @inlinable public static var xid: PostgresType { PostgresType(rawValue: 28) }
    /// `cid`, a command's number within its transaction
    @inlinable public static var cid: PostgresType { PostgresType(rawValue: 29) }
    /// `oidvector`
    @inlinable public static var oidvector: PostgresType { PostgresType(rawValue: 30) }
    /// `json`
    @inlinable public static var json: PostgresType { PostgresType(rawValue: 114) }
    /// `xml`
    @inlinable public static var xml: PostgresType { PostgresType(rawValue: 142) }
    /// `pg_node_tree`
    @inlinable public static var pgNodeTree: PostgresType { PostgresType(rawValue: 194) }
    /// `point`
    @inlinable public static var point: PostgresType { PostgresType(rawValue: 600) }
    /// `lseg`
    @inlinable public static var lseg: PostgresType { PostgresType(rawValue: 601) }
    /// `path`
    @inlinable public static var path: PostgresType { PostgresType(rawValue: 602) }
    /// `box`
    @inlinable public static var box: PostgresType { PostgresType(rawValue: 603) }
    /// `polygon`
    @inlinable public static var polygon: PostgresType { PostgresType(rawValue: 604) }
    /// `line`
    @inlinable public static var line: PostgresType { PostgresType(rawValue: 628) }
    /// `cidr`
    @inlinable public static var cidr: PostgresType { PostgresType(rawValue: 650) }
    /// `real`
    @inlinable public static var float4: PostgresType { PostgresType(rawValue: 700) }
    /// `double precision`
    @inlinable public static var float8: PostgresType { PostgresType(rawValue: 701) }
    /// The type of literals that nobody has given one.
    @inlinable public static var unknown: PostgresType { PostgresType(rawValue: 705) }
    /// `circle`
    @inlinable public static var circle: PostgresType { PostgresType(rawValue: 718) }
    /// `macaddr8`
    @inlinable public static var macaddr8: PostgresType { PostgresType(rawValue: 774) }
    /// `money`
    @inlinable public static var money: PostgresType { PostgresType(rawValue: 790) }
    /// `macaddr`
    @inlinable public static var macaddr: PostgresType { PostgresType(rawValue: 829) }
    /// `inet`
    @inlinable public static var inet: PostgresType { PostgresType(rawValue: 869) }
    /// `aclitem`
    @inlinable public static var aclitem: PostgresType { PostgresType(rawValue: 1033) }
    /// `character(n)`
    @inlinable public static var bpchar: PostgresType { PostgresType(rawValue: 1042) }
    /// `character varying`
    @inlinable public static var varchar: PostgresType { PostgresType(rawValue: 1043) }
    /// `date`
    @inlinable public static var date: PostgresType { PostgresType(rawValue: 1082) }
    /// `time`
    @inlinable public static var time: PostgresType { PostgresType(rawValue: 1083) }
    /// `timestamp`
    @inlinable public static var timestamp: PostgresType { PostgresType(rawValue: 1114) }
    /// `timestamp with time zone`
    @inlinable public static var timestamptz: PostgresType { PostgresType(rawValue: 1184) }
    /// `interval`
    @inlinable public static var interval: PostgresType { PostgresType(rawValue: 1186) }
    /// `time with time zone`
    @inlinable public static var timetz: PostgresType { PostgresType(rawValue: 1266) }
    /// `bit`
    @inlinable public static var bit: PostgresType { PostgresType(rawValue: 1560) }
    /// `bit varying`
    @inlinable public static var varbit: PostgresType { PostgresType(rawValue: 1562) }
    /// `numeric`
    @inlinable public static var numeric: PostgresType { PostgresType(rawValue: 1700) }
    /// `refcursor`
    @inlinable public static var refcursor: PostgresType { PostgresType(rawValue: 1790) }
    /// `regprocedure`
    @inlinable public static var regprocedure: PostgresType { PostgresType(rawValue: 2202) }
    /// `regoper`
    @inlinable public static var regoper: PostgresType { PostgresType(rawValue: 2203) }
    /// `regoperator`
    @inlinable public static var regoperator: PostgresType { PostgresType(rawValue: 2204) }
    /// `regclass`
    @inlinable public static var regclass: PostgresType { PostgresType(rawValue: 2205) }
    /// `regtype`
    @inlinable public static var regtype: PostgresType { PostgresType(rawValue: 2206) }
    /// A row of no named type.
    @inlinable public static var record: PostgresType { PostgresType(rawValue: 2249) }
    /// `cstring`, what input and output functions take and give
    @inlinable public static var cstring: PostgresType { PostgresType(rawValue: 2275) }
    /// `anyarray`
    @inlinable public static var anyarray: PostgresType { PostgresType(rawValue: 2277) }
    /// `void`, what functions without a result return
    @inlinable public static var void: PostgresType { PostgresType(rawValue: 2278) }
    /// `uuid`
    @inlinable public static var uuid: PostgresType { PostgresType(rawValue: 2950) }
    /// `txid_snapshot`
    @inlinable public static var txidSnapshot: PostgresType { PostgresType(rawValue: 2970) }
    /// `pg_lsn`
    @inlinable public static var pgLSN: PostgresType { PostgresType(rawValue: 3220) }
    /// `pg_ndistinct`
    @inlinable public static var pgNDistinct: PostgresType { PostgresType(rawValue: 3361) }
    /// `pg_dependencies`
    @inlinable public static var pgDependencies: PostgresType { PostgresType(rawValue: 3402) }
    /// `tsvector`
    @inlinable public static var tsvector: PostgresType { PostgresType(rawValue: 3614) }
    /// `tsquery`
    @inlinable public static var tsquery: PostgresType { PostgresType(rawValue: 3615) }
    /// `gtsvector`
    @inlinable public static var gtsvector: PostgresType { PostgresType(rawValue: 3642) }
    /// `regconfig`
    @inlinable public static var regconfig: PostgresType { PostgresType(rawValue: 3734) }
    /// `regdictionary`
    @inlinable public static var regdictionary: PostgresType { PostgresType(rawValue: 3769) }
    /// `jsonb`
    @inlinable public static var jsonb: PostgresType { PostgresType(rawValue: 3802) }
    /// `int4range`
    @inlinable public static var int4range: PostgresType { PostgresType(rawValue: 3904) }
    /// `numrange`
    @inlinable public static var numrange: PostgresType { PostgresType(rawValue: 3906) }
    /// `tsrange`
    @inlinable public static var tsrange: PostgresType { PostgresType(rawValue: 3908) }
    /// `tstzrange`
    @inlinable public static var tstzrange: PostgresType { PostgresType(rawValue: 3910) }
    /// `daterange`
    @inlinable public static var daterange: PostgresType { PostgresType(rawValue: 3912) }
    /// `int8range`
    @inlinable public static var int8range: PostgresType { PostgresType(rawValue: 3926) }
    /// `jsonpath`
    @inlinable public static var jsonpath: PostgresType { PostgresType(rawValue: 4072) }
    /// `regnamespace`
    @inlinable public static var regnamespace: PostgresType { PostgresType(rawValue: 4089) }
    /// `regrole`
    @inlinable public static var regrole: PostgresType { PostgresType(rawValue: 4096) }
    /// `regcollation`
    @inlinable public static var regcollation: PostgresType { PostgresType(rawValue: 4191) }
    /// `int4multirange`
    @inlinable public static var int4multirange: PostgresType { PostgresType(rawValue: 4451) }
    /// `nummultirange`
    @inlinable public static var nummultirange: PostgresType { PostgresType(rawValue: 4532) }
    /// `tsmultirange`
    @inlinable public static var tsmultirange: PostgresType { PostgresType(rawValue: 4533) }
    /// `tstzmultirange`
    @inlinable public static var tstzmultirange: PostgresType { PostgresType(rawValue: 4534) }
    /// `datemultirange`
    @inlinable public static var datemultirange: PostgresType { PostgresType(rawValue: 4535) }
    /// `int8multirange`
    @inlinable public static var int8multirange: PostgresType { PostgresType(rawValue: 4536) }
    /// `pg_brin_bloom_summary`
    @inlinable public static var pgBrinBloomSummary: PostgresType { PostgresType(rawValue: 4600) }
    /// `pg_brin_minmax_multi_summary`
    @inlinable public static var pgBrinMinmaxMultiSummary: PostgresType { PostgresType(rawValue: 4601) }
    /// `pg_mcv_list`
    @inlinable public static var pgMCVList: PostgresType { PostgresType(rawValue: 5017) }
    /// `pg_snapshot`
    @inlinable public static var pgSnapshot: PostgresType { PostgresType(rawValue: 5038) }
    /// `xid8`, a transaction's number that never wraps
    @inlinable public static var xid8: PostgresType { PostgresType(rawValue: 5069) }
}
