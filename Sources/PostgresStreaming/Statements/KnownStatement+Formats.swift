import PostgresWire

/// In which formats the rows of a statement are asked for: in binary, but for the few types that have no binary form.
extension KnownStatement {
    /// Whether the columns have to be known before the statement runs for the first time.
    ///
    /// The server finds out that a value has no binary form when it comes to the first one that is not NULL, which may
    /// be behind a million rows. Nearly all of these values are privileges in the system catalogues, so a statement that
    /// may return such is described first, once.
    var isToBeDescribed: Bool { !isDescribed && mayReturnPrivileges }

    /// Takes note of the columns: from now on values of types without a binary form are asked for as text.
    ///
    /// - Parameter doubtsOwn: whether types that are not built in, of which nobody knows, are taken to have none.
    func learn(_ columns: [ColumnDescription], doubtsOwn: Bool = false) {
        isDescribed = true
        let formats = columns.map { column -> FormatCode in
            let lacksBinary = !column.hasBinaryOutput || doubtsOwn && column.isOfOwnType
            return lacksBinary || column.format == .text && resultFormats.count > 1 ? .text : .binary
        }
        guard formats.contains(.text), formats != resultFormats else { return }
        resultFormats = formats
        result = .unknown
    }

    private var mayReturnPrivileges: Bool {
        key.sql.withBytes { text in
            // The end of `pg_init_privs.initprivs`, the only such column whose name does not end in `acl`.
            if text.contains(word: "acl", or: "nitprivs") { return true }
            return text.contains(UInt8(ascii: "*")) && text.contains(word: "pg_")
        }
    }
}

extension ColumnDescription {
    /// Whether the server can send the column's values in binary, as far as that is known.
    var hasBinaryOutput: Bool { PostgresType(rawValue: typeOID).hasBinaryOutput }

    /// Whether the type is not built in: nobody but the server knows whether it has a binary form.
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
