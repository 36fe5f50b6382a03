/// What is made of fields: conditions, and numbers that the server computes. It is there so that both may begin with a
/// leading dot, as in `.field("age") >= 18` and `.field("tags").arrayLength == 2`.
public protocol FraiseExpression: Sendable {}

extension FraiseExpression {
    /// A member of the document by its name.
    public static func field(_ name: String) -> FraiseField { FraiseField.field(name) }

    /// A member of the document by the names that lead to it.
    public static func path(_ first: String, _ further: String...) -> FraiseField {
        FraiseField(source: .json(column: nil, path: [first] + further))
    }

    /// A column of the entity that is no JSON.
    public static func column(_ name: String) -> FraiseField { FraiseField.column(name) }

    /// A member of a JSON column other than the document.
    public static func json(column: String, _ path: String...) -> FraiseField {
        FraiseField(source: .json(column: column, path: path))
    }

    /// The whole document.
    public static var document: FraiseField { FraiseField.document }
}
