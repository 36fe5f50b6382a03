/// The types of a described statement's parameters.
package struct ParameterDescription: Hashable, Sendable {
    /// The object ID of each parameter's type.
    package let typeOIDs: [UInt32]

    /// Creates the message.
    package init(typeOIDs: [UInt32]) {
        self.typeOIDs = typeOIDs
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "ParameterDescription")
        // The manual writes Int16, but a statement may have 65,535 parameters and the server counts them all.
        let count = try reader.count(UInt16.self, itemBytes: 4)
        var typeOIDs: [UInt32] = []
        typeOIDs.reserveCapacity(count)
        for _ in 0..<count { typeOIDs.append(try reader.integer()) }
        self.typeOIDs = typeOIDs
        try reader.finish()
    }
}
