import PostgresWire

/// An array as the server keeps it: with any number of dimensions, and indices that need not begin at 1.
///
/// Where indices do not matter, Swift's own arrays do: `[Int]`, `[[Int]]`, `[Int?]`.
public struct PostgresArray<Element> {
    /// One dimension.
    public struct Dimension: Hashable, Sendable {
        /// The number of elements.
        public let count: Int
        /// The index of the first element.
        public let lowerBound: Int

        /// Creates a dimension.
        public init(count: Int, lowerBound: Int = 1) {
            self.count = count
            self.lowerBound = lowerBound
        }
    }

    /// The elements, those of the last dimension side by side.
    public let elements: [Element]
    /// The dimensions from the outermost to the innermost; none for an empty array.
    public let dimensions: [Dimension]

    /// Creates an array; nil where the dimensions do not make up the number of elements, are more than six, or have
    /// indices that do not fit into 32 bits.
    public init?(_ elements: [Element], dimensions: [Dimension]) {
        guard dimensions.count <= PostgresArrayElements.dimensionsMax, dimensions.isEmpty == elements.isEmpty else {
            return nil
        }
        var product = 1
        for dimension in dimensions {
            let (next, overflowed) = product.multipliedReportingOverflow(by: dimension.count)
            guard dimension.count > 0, !overflowed, let lowerBound = Int32(exactly: dimension.lowerBound),
                Int32(exactly: Int(lowerBound) + dimension.count) != nil
            else { return nil }
            product = next
        }
        guard dimensions.isEmpty || product == elements.count else { return nil }
        self.elements = elements
        self.dimensions = dimensions
    }

    /// Creates an array of one dimension with indices from 1.
    public init(_ elements: [Element]) {
        self.elements = elements
        dimensions = elements.isEmpty ? [] : [Dimension(count: elements.count)]
    }

    /// The element at an index for each dimension; nil where there is none, as in Postgres.
    public subscript(indices: Int...) -> Element? {
        guard indices.count == dimensions.count, !indices.isEmpty else { return nil }
        var offset = 0
        for (index, dimension) in zip(indices, dimensions) {
            let (place, overflowed) = index.subtractingReportingOverflow(dimension.lowerBound)
            guard !overflowed, (0..<dimension.count).contains(place) else { return nil }
            offset = offset * dimension.count + place
        }
        return elements[offset]
    }
}

extension PostgresArray: Equatable where Element: Equatable {}
extension PostgresArray: Hashable where Element: Hashable {}
extension PostgresArray: Sendable where Element: Sendable {}

extension PostgresArray: PostgresDecodable, PostgresDecodableElement where Element: PostgresDecodable {
    /// Decodes an array of any number of dimensions.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        self = try PostgresArrayElements.read(cell, for: PostgresArray.self) { elements throws(PostgresError) in
            let dimensions: [Dimension] = elements.dimensions()
            let start = elements.offset
            let list: [Element] = try elements.flat()
            // Where there was nothing to decode nobody has asked whether the types fit.
            if elements.offset - start == 4 * list.count { try elements.checkType(Element.self) }
            guard let array = PostgresArray(list, dimensions: dimensions) else { throw elements.malformed() }
            return array
        }
    }
}

extension PostgresArrayElements {
    /// The counts and lower bounds of all dimensions.
    fileprivate func dimensions<Element>() -> [PostgresArray<Element>.Dimension] {
        (0..<shape.count).map { .init(count: shape.elementCount($0), lowerBound: shape.lowerBound($0)) }
    }

    /// Reads all elements one after the other.
    @_lifetime(self: copy self)
    fileprivate mutating func flat<Element: PostgresDecodable>() throws(PostgresError) -> [Element] {
        let count = shape.total ?? 0
        var list: [Element] = []
        list.reserveCapacity(count)
        depth = shape.count
        for _ in 0..<count { list.append(try next()) }
        depth = 0
        return list
    }
}

extension PostgresArray: PostgresEncodable, PostgresEncodableElement where Element: PostgresEncodableElement {
    /// The elements'.
    public static var infersPostgresType: Bool { Element.infersPostgresType }

    /// The array type of the elements' type.
    public static var postgresType: PostgresType { Element.postgresArrayType }

    /// Text where the server is to infer the type, else binary.
    public static var postgresFormat: PostgresCell.Format { postgresType == .unspecified ? .text : .binary }

    /// Appends the array.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        let format = try encode(into: &bytes, as: Self.postgresType)
        guard format == Self.postgresFormat else { throw .cannotEncode(PostgresArray.self, as: Self.postgresType) }
    }

    /// Appends the text form.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        try PostgresArrayWriter.writeText(into: &bytes, as: Self.postgresType, lowerBounds) {
            writer throws(PostgresError) in
            try write(elements[...], dimension: 0, to: &writer)
        }
    }

    /// Appends the array with elements of the type that the server's type has.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try PostgresArrayWriter.write(
            into: &bytes, as: type == .unspecified ? Self.postgresType : type, lowerBounds: lowerBounds,
            for: PostgresArray.self
        ) { writer throws(PostgresError) in
            try write(elements[...], dimension: 0, to: &writer)
        }
    }

    private var lowerBounds: [Int32] { dimensions.map { Int32(truncatingIfNeeded: $0.lowerBound) } }

    private func write(
        _ part: ArraySlice<Element>, dimension: Int, to writer: inout PostgresArrayWriter
    ) throws(PostgresError) {
        guard dimension < dimensions.count - 1 else {
            return try Element.encodeArray(Array(part), within: &writer)
        }
        let count = dimensions[dimension].count
        let size = part.count / count
        try writer.list(count) { writer throws(PostgresError) in
            for index in 0..<count {
                let start = part.startIndex + index * size
                try write(part[start..<start + size], dimension: dimension + 1, to: &writer)
            }
        }
    }
}

extension PostgresArray: CustomStringConvertible where Element: PostgresEncodableElement {
    /// The text form, such as `[0:1]={a,NULL}`.
    public var description: String {
        var bytes: [UInt8] = []
        try? encodeText(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
