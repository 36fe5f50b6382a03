import Testing

/// The page for users of fraiseql-wire has every name of the crate, and what it names here is there.
@Suite struct MigrationTests {
    /// The operators of the crate's newest release.
    private static let operators = [
        "Eq", "Neq", "Gt", "Gte", "Lt", "Lte", "In", "Nin", "ArrayContains", "ArrayContainedBy", "ArrayOverlaps",
        "LenEq",
        "LenGt", "LenGte", "LenLt", "LenLte", "Contains", "Icontains", "Startswith", "Istartswith", "Endswith",
        "Iendswith", "Like", "Ilike", "IsNull", "L2Distance", "CosineDistance", "L1Distance", "InnerProduct",
        "HammingDistance", "JaccardDistance", "Matches", "PlainQuery", "PhraseQuery", "WebsearchQuery", "IsIPv4",
        "IsIPv6",
        "IsPrivate", "IsLoopback", "IsMulticast", "IsLinkLocal", "IsDocumentation", "IsCarrierGrade", "InSubnet",
        "ContainsSubnet", "ContainsIP", "IPRangeOverlap", "StrictlyContains", "AncestorOf", "DescendantOf",
        "MatchesLquery", "MatchesLtxtquery", "MatchesAnyLquery", "DepthEq", "DepthNeq", "DepthGt", "DepthGte",
        "DepthLt",
        "DepthLte", "Lca", "AncestorOfId", "DescendantOfId",
    ]

    private static let others = [
        "FraiseClient::connect", "connect_tls", "connect_with_config", "connect_with_config_and_tls", "where_sql",
        "where_rust", "order_by", "select_projection", "limit", "offset", "chunk_size", "max_memory",
        "memory_soft_limits", "adaptive_chunking", "adaptive_min_size", "adaptive_max_size", "execute", "pause",
        "pause_with_reason", "resume", "set_pause_timeout", "clear_pause_timeout", "stats", "state_snapshot",
        "paused_occupancy", "QueryStream", "JsonStream", "TypedJsonStream", "FilteredStream", "Predicate",
        "StreamState",
        "StreamStats", "MemoryEstimator", "AdaptiveChunking", "OrderByClause", "SortOrder", "NullsHandling",
        "Collation",
        "FieldSource", "with_collation", "with_nulls", "connect_timeout", "statement_timeout", "keepalive_idle",
        "application_name", "extra_float_digits", "Field::JsonbField", "Field::JsonbPath", "Field::DirectColumn",
    ]

    @Test func `every name of the crate has a row`() {
        #expect(Self.operators.count == 62)
        let page = Repository.here.text("Sources/FraiseWire/FraiseWire.docc/MigratingFromFraiseqlWire.md")
        for name in Self.operators { #expect(page.contains("\n| `\(name)` |"), "\(name)") }
        for name in Self.others { #expect(page.contains("`\(name)`"), "\(name)") }
    }

    @Test func `what it names here is there`() {
        let page = Repository.here.text("Sources/FraiseWire/FraiseWire.docc/MigratingFromFraiseqlWire.md")
        let sources = Repository.here.swiftFiles("Sources").flatMap(\.lines).map(\.text).joined(separator: "\n")
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for row in rows {
            let right = row.split(separator: "|").dropFirst().joined()
            for word in right.split(whereSeparator: { !($0.isLetter || $0.isNumber) }).map(String.init)
            where word.contains(where: \.isUppercase) && word.first?.isLowercase == true {
                #expect(sources.contains(word), "\(word)")
            }
        }
    }
}
