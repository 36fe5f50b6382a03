import PostgresWire

/// In which formats the rows of a statement are asked for: in binary, but for the few types that have no binary form.
extension KnownStatement {
    /// Whether the columns have to be known before the statement runs for the first time.
    ///
    /// The server finds out that a value has no binary form when it comes to the first one that is not NULL, which may
    /// be behind a million rows. Nearly all of these values are privileges and statistics in the system catalogues, so a
    /// statement that may return such is described first, once. So is one that has failed for this reason, and one that
    /// may return rows within a transaction block, which a failure would end.
    ///
    /// - Parameter isInBlock: whether the statement runs in a transaction block that is open already.
    func isToBeDescribed(isInBlock: Bool) -> Bool {
        !isDescribed && (binaryFailures > 0 || mayReturnValuesWithoutBinary || isInBlock && saysThatItReturnsRows)
    }

    /// Takes note of the columns: from now on values of types without a binary form are asked for as text.
    ///
    /// - Parameter lacksOutput: whether a type that is not built in has none, as far as that is known.
    func learn(_ columns: [ColumnDescription], lacksOutput: (UInt32) -> Bool = { _ in false }) {
        isDescribed = true
        var formats = columns.map { column -> FormatCode in
            let lacksBinary = !column.hasBinaryOutput || lacksOutput(column.typeOID)
            return lacksBinary || column.format == .text && resultFormats.count > 1 ? .text : .binary
        }
        // What a record consists of is not known before it comes.
        let records = columns.indices.filter { columns[$0].isRecord }
        if !records.isEmpty, doubtsRecords(hasOtherReason: formats.contains(.text)) {
            for index in records { formats[index] = .text }
        }
        guard formats.contains(.text), formats != resultFormats else { return }
        resultFormats = formats
        result = .unknown
    }

    private func doubtsRecords(hasOtherReason: Bool) -> Bool {
        mayReturnValuesWithoutBinary || binaryFailures > 1 || binaryFailures == 1 && !hasOtherReason
    }
}

extension String {
    /// Whether a statement may return privileges, or arrays of statistics, whose elements are of any type.
    var mayReturnValuesWithoutBinary: Bool {
        withBytes { text in
            // The end of `pg_init_privs.initprivs`, the only such column whose name does not end in `acl`.
            if text.contains(word: "acl", or: "nitprivs") { return true }
            if text.contains(UInt8(ascii: "*")), text.contains(word: "pg_") { return true }
            return text.contains(word: "pg_stat", or: "missingval")
                && (text.contains(word: "pg_stats", or: "pg_statis") || text.contains(word: "missingval"))
        }
    }
}

extension ColumnDescription {
    /// Whether the server can send the column's values in binary, as far as that is known. Arrays of any type, which are
    /// statistics, may hold what it cannot.
    var hasBinaryOutput: Bool {
        let type = PostgresType(rawValue: typeOID)
        return type.hasBinaryOutput && type != .anyarray
    }

    /// Whether the column holds records of no named type, or arrays of them.
    var isRecord: Bool {
        let type = PostgresType(rawValue: typeOID)
        return type == .record || type == .recordArray
    }

    /// Whether the type is not built in: only the server knows whether it has a binary form.
    var isOfOwnType: Bool { typeOID >= Self.firstOwnOID }

    /// `FirstNormalObjectId` of the server.
    private static let firstOwnOID: UInt32 = 16_384

    /// The same column as it is when its values are asked for in that format.
    func written(in format: FormatCode) -> ColumnDescription {
        ColumnDescription(
            name: name, tableOID: tableOID, columnNumber: columnNumber, typeOID: typeOID, typeSize: typeSize,
            typeModifier: typeModifier, format: format)
    }
}
