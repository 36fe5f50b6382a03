extension PostgresConfiguration.Endpoint {
    /// Refuses a host that no look-up could find, because it is something else: a host with its port, a whole
    /// connection string, a variable that was not filled in. What a look-up fails on is printed, and may be a password.
    ///
    /// Where an address is given the host is not looked up, and may be anything.
    func checkHostName() throws(PostgresError) {
        guard case .tcp(let host, nil, _) = self else { return }
        let name = host.utf8
        guard !name.contains(UInt8(ascii: "[")), !name.contains(UInt8(ascii: "]")) else {
            throw PostgresError(
                .configurationInvalid, "a host has brackets around its address",
                hint: "Brackets belong in URIs alone; otherwise write host=::1 port=5432.")
        }
        let colons = name.count { $0 == UInt8(ascii: ":") }
        // The shortest IPv6 address is "::"; a percent sign parts it from its scope.
        let isNumeric = colons > 1
        guard name.allSatisfy({ Self.isNameByte($0) || isNumeric && $0 == UInt8(ascii: "%") }) else {
            throw PostgresError(
                .configurationInvalid, "a host's name holds a character that no host's name has",
                hint: "A host is a name, a numeric address, or a directory that begins with \"/\" or \"@\".")
        }
        guard colons != 1 else {
            throw PostgresError(
                .configurationInvalid, "a host has a port in its name",
                hint: "The port is a setting of its own: host=db.example port=5432.")
        }
    }

    /// Letters, digits, what stands between them in names and addresses, and everything beyond ASCII.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"): true
        default: false
        }
    }
}
