/// A type of which arrays can be decoded. Everything that is `PostgresDecodable` is such a type, and has these by itself.
///
/// It stands apart for the sake of one type: an array of `UInt8` is a `bytea` and no array.
public protocol PostgresDecodableElement: SendableMetatype {
    /// Decodes a whole array, a cell that is not NULL.
    static func decodeArray(cell: borrowing PostgresCell) throws(PostgresError) -> [Self]

    /// Decodes the elements of one array within an array: what stands between two braces in the text form.
    static func decodeArray(within elements: inout PostgresArrayElements) throws(PostgresError) -> [Self]
}

extension PostgresDecodableElement {
    /// Decodes an array of as many dimensions as the Swift type has. Lower bounds are not looked at; `PostgresArray`
    /// keeps them.
    ///
    /// - Throws: `typeMismatch` for a column that is no array or has other dimensions, what an element's decoder throws.
    @inlinable
    public static func decodeArray(cell: borrowing PostgresCell) throws(PostgresError) -> [Self] {
        try PostgresArrayElements.read(cell, for: [Self].self) { elements throws(PostgresError) in
            try decodeArray(within: &elements)
        }
    }
}

extension PostgresDecodable {
    /// Decodes an element after the other.
    @inlinable
    public static func decodeArray(within elements: inout PostgresArrayElements) throws(PostgresError) -> [Self] {
        let start = elements.offset
        let list: [Self] = try elements.list { elements throws(PostgresError) in try elements.next() }
        // Where there was nothing to decode nobody has asked whether the types fit.
        if elements.offset &- start == 4 &* list.count { try elements.checkType(Self.self) }
        return list
    }
}

extension Array: PostgresDecodable, PostgresDecodableElement where Element: PostgresDecodableElement {
    /// Decodes an array, or a `bytea` where the elements are of type `UInt8`.
    ///
    /// - Throws: `typeMismatch` for a column that is no array, holds other elements or has more dimensions.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        self = try Element.decodeArray(cell: cell)
    }

    /// Decodes the arrays of the next dimension, or the `bytea` values of this one.
    @inlinable
    public static func decodeArray(
        within elements: inout PostgresArrayElements
    ) throws(PostgresError) -> [[Element]] {
        guard Element.self != UInt8.self else {
            let start = elements.offset
            let list: [[Element]] = try elements.list { elements throws(PostgresError) in try elements.next() }
            if elements.offset &- start == 4 &* list.count { try elements.checkType([Element].self) }
            return list
        }
        guard elements.shape.count > 0 else {
            // The elements' own decoder is to say whether the types fit.
            _ = try Element.decodeArray(within: &elements)
            return []
        }
        return try elements.list { elements throws(PostgresError) in try Element.decodeArray(within: &elements) }
    }
}
