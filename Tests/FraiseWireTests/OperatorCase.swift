import FraiseWire
import JSONTape
import PostgresStreaming

/// One operator with a value that is true of the first row of `v_thing` and false of the second.
struct OperatorCase: Sendable, CustomStringConvertible {
    /// What it needs of the server.
    enum Need: Sendable { case nothing, vectors, trees }

    let description: String
    /// The member, and the column of the same name.
    let member: String
    var need = Need.nothing
    /// Whether it works on a column too; containment of JSON, for example, does not.
    var worksOnColumns = true
    let condition: @Sendable (FraiseField) -> FraiseCondition

    init(
        _ description: String, _ member: String, needs need: Need = .nothing, onColumns: Bool = true,
        _ condition: @escaping @Sendable (FraiseField) -> FraiseCondition
    ) {
        self.description = description
        self.member = member
        self.need = need
        worksOnColumns = onColumns
        self.condition = condition
    }

    static let all = comparisons + sets + texts + networks + vectors + trees

    private static let comparisons: [OperatorCase] = [
        OperatorCase("== text", "name") { $0 == "Ada 100%" },
        OperatorCase("== number", "score") { $0 == 42.5 },
        OperatorCase("== truth", "flag") { $0 == true },
        OperatorCase("== uuid", "uid") { $0 == PostgresUUID("11111111-1111-1111-1111-111111111111")! },
        OperatorCase("!= text", "name") { $0 != "bob" },
        OperatorCase("!= number", "score") { $0 != 7 },
        OperatorCase("> number", "score") { $0 > 7 },
        OperatorCase(">= number", "score") { $0 >= 42.5 },
        OperatorCase("< truth", "flag") { !($0 < true) },
        OperatorCase("< number", "id") { $0 < 2 },
        OperatorCase("<= number", "id") { $0 <= 1 },
        OperatorCase(">= time", "created") { $0 >= PostgresTimestampTZ("2025-01-01 00:00:00+00")! },
        OperatorCase(">= date", "day") { $0 >= PostgresDate("2025-01-01")! },
        OperatorCase("isNull(false)", "name") { $0.isNull(false) && $0 != "bob" },
    ]

    private static let sets: [OperatorCase] = [
        OperatorCase("isIn text", "name") { $0.isIn(["Ada 100%", "x"]) },
        OperatorCase("isIn number", "id") { $0.isIn([1, 17]) },
        OperatorCase("isNotIn", "name") { $0.isNotIn(["bob"]) },
        OperatorCase("arrayContains", "tags") { $0.arrayContains(["sql"]) },
        OperatorCase("isArrayContained", "tags") { $0.isArrayContained(in: ["swift", "sql", "x"]) },
        OperatorCase("arrayOverlaps", "tags") { $0.arrayOverlaps(["x", "swift"]) },
        OperatorCase("arrayLength ==", "tags") { $0.arrayLength == 2 },
        OperatorCase("arrayLength !=", "tags") { $0.arrayLength != 1 },
        OperatorCase("arrayLength >", "tags") { $0.arrayLength > 1 },
        OperatorCase("arrayLength >=", "tags") { $0.arrayLength >= 2 },
        OperatorCase("arrayLength <", "tags") { !($0.arrayLength < 2) },
        OperatorCase("arrayLength <=", "tags") { !($0.arrayLength <= 1) },
        OperatorCase("contains(json:)", "tags", onColumns: false) { field in
            (try? JSONValue(parsing: "[\"sql\"]")).map { field.contains(json: $0) } ?? .any([])
        },
    ]

    private static let texts: [OperatorCase] = [
        OperatorCase("contains", "name") { $0.contains("0%") },
        OperatorCase("containsIgnoringCase", "name") { $0.containsIgnoringCase("ADA") },
        OperatorCase("hasPrefix", "name") { $0.hasPrefix("Ada") },
        OperatorCase("hasPrefixIgnoringCase", "name") { $0.hasPrefixIgnoringCase("aDA") },
        OperatorCase("hasSuffix", "name") { $0.hasSuffix("100%") },
        OperatorCase("hasSuffixIgnoringCase", "name") { $0.hasSuffixIgnoringCase("100%") },
        OperatorCase("isLike", "name") { $0.isLike("A_a %") },
        OperatorCase("isLikeIgnoringCase", "name") { $0.isLikeIgnoringCase("a_A %") },
        OperatorCase("matches", "body") { $0.matches("fox jumping") },
        OperatorCase("matches a tsvector", "words", onColumns: true) { $0.matches("foxes") },
        OperatorCase("matchesPlain", "body") { $0.matchesPlain("quick brown") },
        OperatorCase("matchesPhrase", "body") { $0.matchesPhrase("brown fox") },
        OperatorCase("matchesWebSearch", "body") { $0.matchesWebSearch("\"quick brown\" -turtle") },
    ]

    private static let networks: [OperatorCase] = [
        OperatorCase("isIPv4", "address") { $0.isIPv4 },
        OperatorCase("isIPv6", "address") { !$0.isIPv6 },
        OperatorCase("isPrivateAddress", "address") { $0.isPrivateAddress },
        OperatorCase("isInSubnet", "address") { $0.isInSubnet("10.1.0.0/16") },
        OperatorCase("containsSubnet", "address") { $0.containsSubnet("10.1.2.3/32") },
        OperatorCase("containsAddress", "address") { $0.containsAddress("10.1.2.3") },
        OperatorCase("overlapsNetwork", "address") { $0.overlapsNetwork("10.0.0.0/8") },
    ]

    private static let vectors: [OperatorCase] = [
        OperatorCase("isNear euclidean", "embedding", needs: .vectors) { $0.isNear([1, 2, 4], .euclidean, below: 2) },
        OperatorCase("isNear cosine", "embedding", needs: .vectors) { $0.isNear([2, 4, 6], .cosine, below: 0.1) },
        OperatorCase("isNear taxicab", "embedding", needs: .vectors) { $0.isNear([1, 2, 5], .taxicab, below: 3) },
        OperatorCase("innerProduct", "embedding", needs: .vectors) { $0.innerProduct(with: [1, 1, 1], above: 5) },
        OperatorCase("isNear hamming", "bits", needs: .vectors) { $0.isNear(bits: "1011", .hamming, below: 2) },
        OperatorCase("isNear jaccard", "bits", needs: .vectors) { $0.isNear(bits: "1010", .jaccard, below: 0.5) },
    ]

    private static let trees: [OperatorCase] = [
        OperatorCase("isAncestor", "path", needs: .trees) { $0.isAncestor(of: "Top.Science.Astronomy.Stars") },
        OperatorCase("isDescendant", "path", needs: .trees) { $0.isDescendant(of: "Top.Science") },
        OperatorCase("isAncestor of a row", "path", needs: .trees) {
            $0.isAncestor(ofRowWith: 1, in: .column("id"))
        },
        OperatorCase("isDescendant of a row", "path", needs: .trees) {
            $0.isDescendant(ofRowWith: "Ada 100%", in: .field("name"))
        },
        OperatorCase("matchesPath", "path", needs: .trees) { $0.matchesPath("*.Science.*") },
        OperatorCase("matchesAnyPath", "path", needs: .trees) { $0.matchesAnyPath(["x", "*.Astronomy"]) },
        OperatorCase("matchesPathText", "path", needs: .trees) { $0.matchesPathText("Astro* & !Hobbies") },
        OperatorCase("pathDepth ==", "path", needs: .trees) { $0.pathDepth == 3 },
        OperatorCase("pathDepth !=", "path", needs: .trees) { $0.pathDepth != 2 },
        OperatorCase("pathDepth >", "path", needs: .trees) { $0.pathDepth > 2 },
        OperatorCase("pathDepth >=", "path", needs: .trees) { $0.pathDepth >= 3 },
        OperatorCase("pathDepth <", "path", needs: .trees) { !($0.pathDepth < 3) },
        OperatorCase("pathDepth <=", "path", needs: .trees) { !($0.pathDepth <= 2) },
        OperatorCase("isCommonAncestor", "path", needs: .trees) {
            $0.isCommonAncestor(of: ["Top.Science.Astronomy.Stars", "Top.Science.Astronomy.Moons"])
        },
    ]
}
