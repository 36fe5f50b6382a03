import PostgresWire

/// A type of which arrays can be parameters. Everything that is `PostgresEncodable` is such a type, and has these by itself.
///
/// It stands apart for the sake of two types: an array of `UInt8` is a `bytea` and no array; and an optional can be an
/// element, NULL, without being a value.
public protocol PostgresEncodableElement: SendableMetatype {
    /// Whether the Swift type says only the kind of the value, such as an integer, so that the server is asked which type
    /// the statement takes; see `PostgresConfiguration.infersParameterTypes`. False unless said otherwise.
    ///
    /// Of effect for types whose `postgresType` is an integer, a float, `timestamp with time zone` or `bytea`, for arrays of
    /// them, and for ranges of integers.
    static var infersPostgresType: Bool { get }

    /// The type of an array of these; `unspecified` where the server is to infer it, and the array is sent as text.
    static var postgresArrayType: PostgresType { get }

    /// Appends a whole array as a type that the server named or `postgresArrayType`, without a length.
    static func encodeArray(
        _ array: [Self], into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format

    /// Writes the elements of one array within an array: what stands between two braces in the text form.
    static func encodeArray(_ array: [Self], within elements: inout PostgresArrayWriter) throws(PostgresError)

    /// Appends the value to the parameters of one run of a statement, as the type that the server named.
    ///
    /// What is `PostgresEncodable`, or an optional of that, need not implement it; the default of others throws
    /// `parameterInvalid`.
    func bind(as type: PostgresType, to parameters: inout PostgresParameterWriter) throws(PostgresError)

    /// Writes the value to the next column of a row of a COPY.
    ///
    /// What is `PostgresEncodable`, or an optional of that, need not implement it; the default of others throws
    /// `parameterInvalid`.
    func write(to row: inout CopyRow) throws(PostgresError)
}

extension PostgresEncodableElement {
    /// False: the parameter is declared with its type.
    public static var infersPostgresType: Bool { false }

    /// Throws `parameterInvalid`: an element of an array that is no value by itself is no parameter.
    public func bind(as type: PostgresType, to parameters: inout PostgresParameterWriter) throws(PostgresError) {
        throw PostgresError(.parameterInvalid, "\(Self.self) is no value of a parameter")
    }

    /// Throws `parameterInvalid`: an element of an array that is no value by itself is no value of a column.
    public func write(to row: inout CopyRow) throws(PostgresError) {
        throw PostgresError(.parameterInvalid, "\(Self.self) is no value of a column")
    }

    /// Appends the array in binary, or as text where the type of the elements is not known or they have to be text.
    public static func encodeArray(
        _ array: [Self], into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try PostgresArrayWriter.write(into: &bytes, as: type, for: [Self].self) { writer throws(PostgresError) in
            try encodeArray(array, within: &writer)
        }
    }
}

extension PostgresEncodable {
    /// Appends the value.
    public func bind(as type: PostgresType, to parameters: inout PostgresParameterWriter) throws(PostgresError) {
        try parameters.append(self, as: type)
    }

    /// Writes the value.
    @inlinable
    public func write(to row: inout CopyRow) throws(PostgresError) { try row.write(self) }

    /// The array type of `postgresType`.
    public static var postgresArrayType: PostgresType { postgresType.arrayType ?? .unspecified }

    /// Writes an element after the other.
    public static func encodeArray(
        _ array: [Self], within elements: inout PostgresArrayWriter
    ) throws(PostgresError) {
        try elements.list(array.count) { writer throws(PostgresError) in
            for element in array { try writer.append(element) }
        }
    }
}

extension Optional: PostgresEncodableElement where Wrapped: PostgresEncodable {
    /// Writes the value, nil as NULL.
    @inlinable
    public func write(to row: inout CopyRow) throws(PostgresError) { try row.write(self) }

    /// Appends the value, nil as NULL.
    public func bind(as type: PostgresType, to parameters: inout PostgresParameterWriter) throws(PostgresError) {
        try parameters.append(self, as: type)
    }

    /// The wrapped type's.
    public static var infersPostgresType: Bool { Wrapped.infersPostgresType }

    /// The array type of the wrapped type; for `UInt8` that of `smallint`, because a `bytea` has no element that is NULL.
    public static var postgresArrayType: PostgresType {
        Wrapped.self == UInt8.self ? .int2Array : Wrapped.postgresArrayType
    }

    /// Writes an element after the other, nil as NULL.
    public static func encodeArray(
        _ array: [Wrapped?], within elements: inout PostgresArrayWriter
    ) throws(PostgresError) {
        try elements.list(array.count) { writer throws(PostgresError) in
            for element in array { try writer.append(element) }
        }
    }
}

extension Array: PostgresEncodable, PostgresEncodableElement where Element: PostgresEncodableElement {
    /// The elements'.
    public static var infersPostgresType: Bool { Element.infersPostgresType }

    /// The array type of the elements' type, or `bytea` where the elements are of type `UInt8`.
    public static var postgresType: PostgresType { Element.postgresArrayType }

    /// Text where the server is to infer the type, else binary.
    public static var postgresFormat: PostgresCell.Format { postgresType == .unspecified ? .text : .binary }

    /// The same: arrays of arrays are arrays of more dimensions, of the same type. For `bytea` its array type.
    public static var postgresArrayType: PostgresType { postgresType == .bytea ? .byteaArray : postgresType }

    /// Appends the array.
    ///
    /// - Throws: `parameterInvalid` where arrays within the array differ in length, or an element cannot be encoded.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        let format = try Element.encodeArray(self, into: &bytes, as: Self.postgresType)
        guard format == Self.postgresFormat else { throw .cannotEncode(Self.self, as: Self.postgresType) }
    }

    /// Appends the array in its text form.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        guard Element.self != UInt8.self else {
            _ = try Element.encodeArray(self, into: &bytes, as: .unspecified)
            return
        }
        try PostgresArrayWriter.writeText(into: &bytes, as: Self.postgresType) { writer throws(PostgresError) in
            try Element.encodeArray(self, within: &writer)
        }
    }

    /// Appends the array with elements of the type that the server's type has.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try Element.encodeArray(self, into: &bytes, as: type == .unspecified ? Self.postgresType : type)
    }

    /// Writes the arrays of the next dimension, or the `bytea` values of this one.
    public static func encodeArray(
        _ array: [[Element]], within elements: inout PostgresArrayWriter
    ) throws(PostgresError) {
        try elements.list(array.count) { writer throws(PostgresError) in
            for element in array {
                if Element.self == UInt8.self {
                    try writer.append(element)
                } else {
                    try Element.encodeArray(element, within: &writer)
                }
            }
        }
    }
}
