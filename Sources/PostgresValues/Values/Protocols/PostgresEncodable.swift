import PostgresWire

/// A type that can be a parameter of a query.
///
/// A conformance brings arrays with it: `[Self]`, `[Self?]`, `[[Self]]` and `PostgresArray<Self>` are parameters too. A
/// `RawRepresentable` type has nothing to write.
public protocol PostgresEncodable: PostgresEncodableElement {
    /// The type that the parameter is declared with; `unspecified` has the server infer it from where it stands.
    static var postgresType: PostgresType { get }

    /// How `encode(into:)` writes the value; binary unless said otherwise.
    static var postgresFormat: PostgresCell.Format { get }

    /// Appends the value as `postgresType` in `postgresFormat`, without a length.
    ///
    /// - Throws: `parameterInvalid` for a value that the type does not have.
    func encode(into bytes: inout [UInt8]) throws(PostgresError)

    /// Appends the value in the text form that the server's input functions read, without a length.
    ///
    /// The default has none for types whose format is binary: it throws `parameterInvalid`.
    func encodeText(into bytes: inout [UInt8]) throws(PostgresError)

    /// Appends the value as a type that the server named, such as the type of a prepared statement's parameter.
    ///
    /// The default knows `postgresType`, and sends the text form for types that are not built in: domains, enums, types
    /// of extensions. What is not exactly the value is never sent.
    ///
    /// - Returns: the format that the value was written in.
    /// - Throws: `parameterInvalid` for a type that the value cannot become, or a value that the type does not have;
    ///   what was appended before is the caller's to remove.
    func encode(into bytes: inout [UInt8], as type: PostgresType) throws(PostgresError) -> PostgresCell.Format
}

extension PostgresEncodable {
    /// Binary.
    public static var postgresFormat: PostgresCell.Format { .binary }

    /// Appends what `encode(into:)` does where that is text.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        guard Self.postgresFormat == .text else {
            throw PostgresError(.parameterInvalid, "cannot encode \(Self.self) as text")
        }
        try encode(into: &bytes)
    }

    /// Appends the value as `postgresType`, or as text for types that are not built in.
    @inlinable
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try encode(into: &bytes, as: type, also: Self.postgresType)
    }

    /// Does the same for a value that another type has in the same form.
    @inlinable
    func encode(
        into bytes: inout [UInt8], as type: PostgresType, also other: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        let isKnown = type == Self.postgresType || type == other || type == .unspecified
        if isKnown || Self.postgresType == .unspecified {
            try encode(into: &bytes)
            return Self.postgresFormat
        }
        guard !type.isBuiltIn else { throw .cannotEncode(Self.self, as: type) }
        try encodeText(into: &bytes)
        return .text
    }
}

extension PostgresError {
    /// The error for a type of a parameter that `Value` cannot become.
    @usableFromInline
    @inline(never)
    static func cannotEncode<Value>(_ value: Value.Type, as type: PostgresType) -> PostgresError {
        PostgresError(
            .parameterInvalid, "cannot encode \(Value.self) as \(type.inMessages)",
            hint: TypeAdvice.encoding(value, as: type))
    }

    /// The error for a value that the type of a parameter does not have.
    @usableFromInline
    @inline(never)
    static func outOfRange<Value>(_ value: Value.Type, as type: PostgresType) -> PostgresError {
        PostgresError(
            .parameterInvalid, "cannot encode \(Value.self) as \(type.inMessages): the value is out of range",
            hint: TypeAdvice.encoding(value, beyond: type))
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// The raw value's.
    public static var infersPostgresType: Bool { RawValue.infersPostgresType }

    /// The raw value's.
    public static var postgresType: PostgresType { RawValue.postgresType }

    /// The raw value's.
    public static var postgresFormat: PostgresCell.Format { RawValue.postgresFormat }

    /// Appends the raw value.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try rawValue.encode(into: &bytes) }

    /// Appends the raw value.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) { try rawValue.encodeText(into: &bytes) }

    /// Appends the raw value.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try rawValue.encode(into: &bytes, as: type)
    }
}

extension BoundParameters {
    /// Appends a value as the type's codec writes it; one that cannot be encoded is not appended.
    mutating func append<Value: PostgresEncodable>(_ value: Value?) throws(PostgresError) {
        let oid = Value.postgresType.rawValue
        guard let value else {
            return appendNull(type: ParameterType(oid, isInferable: Value.infersPostgresType, isNull: true))
        }
        try append(value, as: ParameterType(oid, isInferable: Value.infersPostgresType))
    }

    /// Appends a value as a type that the server named; one that cannot be encoded so is not appended.
    package mutating func append<Value: PostgresEncodable>(_ value: Value?, as type: PostgresType) throws(PostgresError)
    {
        guard let value else { return appendNull(type: type.rawValue) }
        try append(value, as: ParameterType(type.rawValue))
    }

    private mutating func append<Value: PostgresEncodable>(
        _ value: Value, as type: ParameterType
    ) throws(PostgresError) {
        let oid = PostgresType(rawValue: type.oid)
        try append(type: type) { bytes throws(PostgresError) in
            let start = bytes.count
            let format = try value.encode(into: &bytes, as: oid)
            if format == .text || oid.isTextInBinary { try bytes.checkText(from: start, of: Value.self) }
            return format == .binary ? .binary : .text
        }
    }
}
