/// The values of a statement's parameters, encoded once while the query is composed.
///
/// Indices: `types.count == formats.count == count`, and `cells` holds `count` cells end to end. Something that
/// cannot be sent is remembered in `failure` and refused when the message is encoded; nothing more is kept after it.
package struct BoundParameters: Sendable {
    /// The type that each parameter is written in.
    package private(set) var types: [ParameterType] = []
    /// How each parameter is written.
    package private(set) var formats: [FormatCode] = []
    /// The cells as Bind wants them: an Int32 length, −1 for NULL, and that many bytes.
    package private(set) var cells: [UInt8] = []
    /// Why these parameters cannot be sent.
    package private(set) var failure: FrontendMessageError?

    /// Creates an empty list.
    package init() {}

    /// The number of parameters.
    package var count: Int { types.count }

    /// The object ID of each parameter's type; 0 leaves the type to the server.
    package var typeOIDs: [UInt32] { types.map(\.oid) }

    /// Appends the value whose bytes `body` appends to the array that it is given.
    package mutating func append(type: UInt32, format: FormatCode, _ body: (inout [UInt8]) -> Void) {
        append(type: ParameterType(type)) { bytes in
            body(&bytes)
            return format
        }
    }

    /// Appends the value whose bytes `body` appends to the array that it is given, in the format that it returns. Where it
    /// throws nothing is appended.
    package mutating func append<Failure: Error>(
        type: ParameterType, _ body: (inout [UInt8]) throws(Failure) -> FormatCode
    ) throws(Failure) {
        guard admits(1) else { return }
        let start = cells.count
        cells.append(bigEndian: Int32(0))
        let format: FormatCode
        do throws(Failure) {
            format = try body(&cells)
        } catch {
            cells.removeSubrange(start...)
            throw error
        }
        precondition(cells.count >= start + 4, "the body of a parameter may only append")
        guard let length = Int32(exactly: cells.count - start - 4) else {
            cells.removeSubrange(start...)
            failure = .messageTooLarge
            return
        }
        cells.replace(bigEndian: length, at: start)
        types.append(type)
        formats.append(format)
    }

    /// Appends a NULL of a type that is certain.
    package mutating func appendNull(type: UInt32) { appendNull(type: ParameterType(type)) }

    /// Appends a NULL.
    package mutating func appendNull(type: ParameterType) {
        guard admits(1) else { return }
        cells.append(bigEndian: Int32(-1))
        types.append(type)
        // NULL has no bytes, so its format is free: that of its neighbour lets one code stand for all.
        formats.append(formats.last ?? .binary)
    }

    /// Appends all parameters of another list.
    package mutating func append(contentsOf other: BoundParameters) {
        guard admits(other.count) else { return }
        types += other.types
        formats += other.formats
        cells += other.cells
        failure = other.failure
    }

    /// Becomes an empty list whose cells are appended to `bytes`, which it has until `giveBack`.
    mutating func borrow(_ bytes: inout [UInt8]) {
        types.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        cells = []
        failure = nil
        swap(&cells, &bytes)
    }

    /// Gives back what `borrow` took, with the cells at its end. The list has no cells after that.
    mutating func giveBack(_ bytes: inout [UInt8]) { swap(&cells, &bytes) }

    /// Takes the type of a parameter for certain.
    package mutating func declareType(at index: Int) { types[index] = ParameterType(types[index].oid) }

    /// Where the value lies in `cells` whose length lies at `offset`; nil where it is NULL.
    package func value(at offset: Int) -> Range<Int>? {
        let length = cells.rawSpan.bigEndian(at: offset, as: Int32.self)
        return length < 0 ? nil : offset + 4..<offset + 4 + Int(length)
    }

    /// Returns the parameters with other values, but for NULL: `body` appends each to the array that it is given, and returns
    /// its format.
    package func rewritten<Failure: Error>(
        _ body: (_ index: Int, _ value: Range<Int>, _ output: inout [UInt8]) throws(Failure) -> FormatCode
    ) throws(Failure) -> BoundParameters {
        var rewritten = self
        var output: [UInt8] = []
        output.reserveCapacity(cells.count)
        var offset = 0
        for index in types.indices {
            guard let value = value(at: offset) else {
                output.append(bigEndian: Int32(-1))
                offset += 4
                continue
            }
            offset = value.upperBound
            let start = output.count
            output.append(bigEndian: Int32(0))
            let format = try body(index, value, &output)
            precondition(output.count >= start + 4, "the body of a parameter may only append")
            guard let length = Int32(exactly: output.count - start - 4) else {
                rewritten.failure = .messageTooLarge
                return rewritten
            }
            output.replace(bigEndian: length, at: start)
            if format != formats[index] { rewritten.formats[index] = format }
        }
        rewritten.cells = output
        return rewritten
    }

    /// The most parameters of a message, whose count is 16 bits wide.
    package static let countMax = 65_535

    private mutating func admits(_ more: Int) -> Bool {
        guard failure == nil else { return false }
        guard count + more <= Self.countMax else {
            failure = .tooManyParameters
            return false
        }
        return true
    }
}

extension BoundParameters: Redacted {
    package var description: String { "BoundParameters(\(count) values)" }
}

extension FrontendBuffer {
    /// Appends the format codes, the count and the cells of the parameters, as Bind and FunctionCall have them.
    package mutating func parameters(_ parameters: BoundParameters) throws(FrontendMessageError) {
        if let failure = parameters.failure { throw failure }
        // One code stands for all parameters if they are alike.
        if let first = parameters.formats.first, parameters.formats.allSatisfy({ $0 == first }) {
            try formats([first])
        } else {
            try formats(parameters.formats)
        }
        try count(parameters.count)
        cells(parameters.cells)
    }
}
