extension PostgresQuery {
    /// Creates a query whose parameters are written `:name` in a literal, and given by name.
    ///
    /// ```swift
    /// let bookings = try PostgresQuery(
    ///     "SELECT * FROM booking WHERE during && daterange(:from, :to)", named: ["from": from, "to": to])
    /// ```
    ///
    /// A name that occurs several times is one parameter. Names in strings, comments, quoted identifiers and dollar
    /// quotes are left alone, as are casts (`::`). Within the brackets of an array `[1:n]` is a slice up to the column
    /// `n`; a parameter there follows a space or the slice's colon: `[1: :n]`. A nil is a NULL whose type the server infers.
    ///
    /// - Throws: `queryInvalid` for a name without an argument, an argument without its name, and for `$1` in the text.
    public init(_ sql: StaticString, named arguments: [String: (any PostgresEncodable)?]) throws(PostgresError) {
        try self.init(unsafeSQL: "\(sql)", named: arguments)
    }

    /// Creates a query whose parameters are written `:name` in text made at run time, such as that of a file. Whoever
    /// made the text answers for it; the arguments are bound.
    ///
    /// - Throws: as `init(_:named:)`.
    public init(
        unsafeSQL text: String, named arguments: [String: (any PostgresEncodable)?]
    ) throws(PostgresError) {
        self.init(unsafeSQL: "")
        var indices: [String: Int] = [:]
        for piece in NamedParameters.pieces(of: text) {
            switch piece {
            case .sql(let part): append(sql: part)
            case .number: throw Self.refused("it has parameters by name and by number")
            case .name(let name):
                if let index = indices[name] {
                    append(parameter: index)
                } else if let argument = arguments[name] {
                    let isRefused = failure != nil
                    indices[name] = argument.map { append($0) } ?? append(null: .unspecified)
                    if !isRefused { nameRefusedParameter(":\(name)") }
                } else {
                    throw Self.refused("there is no argument for the parameter :\(name)")
                }
            }
        }
        if let unused = arguments.keys.filter({ indices[$0] == nil }).min() {
            throw Self.refused("it has no parameter for the argument \(unused.quotedInOneLine)")
        }
    }

    private static func refused(_ reason: String) -> PostgresError {
        PostgresError(.queryInvalid, "cannot send the query: \(reason)")
    }
}
