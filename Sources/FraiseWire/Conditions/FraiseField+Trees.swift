import PostgresStreaming

// Paths in a tree, of the extension ltree, such as `Top.Science.Astronomy` (manual: "ltree"). A path is its own ancestor.
extension FraiseField {
    /// Whether the path is another's ancestor.
    public func isAncestor(of path: String) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) @> \(path)::text::ltree" }
    }

    /// Whether the path is another's descendant.
    public func isDescendant(of path: String) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) <@ \(path)::text::ltree" }
    }

    /// Whether the path is the ancestor of the path that the row with an identifier has in the same field.
    public func isAncestor<ID: FraiseOperand>(ofRowWith id: ID, in field: FraiseField) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) @> \(path(ofRowWith: id, in: field, $0))" }
    }

    /// Whether the path is the descendant of the path that the row with an identifier has in the same field.
    public func isDescendant<ID: FraiseOperand>(ofRowWith id: ID, in field: FraiseField) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) <@ \(path(ofRowWith: id, in: field, $0))" }
    }

    /// Whether the path fits a pattern of paths (`lquery`).
    public func matchesPath(_ pattern: String) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) ~ \(pattern)::text::lquery" }
    }

    /// Whether the path fits any of some patterns.
    public func matchesAnyPath(_ patterns: [String]) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) ? \(patterns)::text[]::lquery[]" }
    }

    /// Whether the words of the path fit a search (`ltxtquery`).
    public func matchesPathText(_ search: String) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) @ \(search)::text::ltxtquery" }
    }

    /// The number of labels of the path, to be compared.
    public var pathDepth: FraiseNumber { FraiseNumber { "nlevel(\(tree($0)))" } }

    /// Whether the path is the longest common ancestor of some others.
    public func isCommonAncestor(of paths: [String]) -> FraiseCondition {
        FraiseCondition { "\(tree($0)) = lca(\(paths)::text[]::ltree[])" }
    }

    private func tree(_ context: FraiseContext) -> PostgresQuery { cast(to: "ltree", context) }

    private func path<ID: FraiseOperand>(
        ofRowWith id: ID, in field: FraiseField, _ context: FraiseContext
    ) -> PostgresQuery {
        """
        (SELECT \(tree(context)) FROM \(context.entity) WHERE \(field.value(as: ID.fraiseType, context)) = \
        \(id.parameter(for: field)) LIMIT 1)
        """
    }
}
