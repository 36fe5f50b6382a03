/// The values of a statement's parameters, encoded once while the query is composed.
///
/// Indices: `typeOIDs.count == formats.count == count`, and `cells` holds `count` cells end to end. Something that
/// cannot be sent is remembered in `failure` and refused when the message is encoded; nothing more is kept after it.
package struct BoundParameters: Sendable {
    /// The object ID of each parameter's type; 0 leaves the type to the server.
    package private(set) var typeOIDs: [UInt32] = []
    /// How each parameter is written.
    package private(set) var formats: [FormatCode] = []
    /// The cells as Bind wants them: an Int32 length, −1 for NULL, and that many bytes.
    package private(set) var cells: [UInt8] = []
    /// Why these parameters cannot be sent.
    package private(set) var failure: FrontendMessageError?

    /// Creates an empty list.
    package init() {}

    /// The number of parameters.
    package var count: Int { typeOIDs.count }

    /// Appends the value whose bytes `body` appends to the array that it is given.
    package mutating func append(type: UInt32, format: FormatCode, _ body: (inout [UInt8]) -> Void) {
        append(type: type) { bytes in
            body(&bytes)
            return format
        }
    }

    /// Appends the value whose bytes `body` appends to the array that it is given, in the format that it returns. Where it
    /// throws nothing is appended.
    package mutating func append<Failure: Error>(
        type: UInt32, _ body: (inout [UInt8]) throws(Failure) -> FormatCode
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
        typeOIDs.append(type)
        formats.append(format)
    }

    /// Appends a NULL.
    package mutating func appendNull(type: UInt32) {
        guard admits(1) else { return }
        cells.append(bigEndian: Int32(-1))
        typeOIDs.append(type)
        // NULL has no bytes, so its format is free: that of its neighbour lets one code stand for all.
        formats.append(formats.last ?? .binary)
    }

    /// Appends all parameters of another list.
    package mutating func append(contentsOf other: BoundParameters) {
        guard admits(other.count) else { return }
        typeOIDs += other.typeOIDs
        formats += other.formats
        cells += other.cells
        failure = other.failure
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
        raw(parameters.cells)
    }
}
