extension ConnectionParameters {
    /// Puts hosts, addresses and ports together, the same place of each list to the same server (manual: "Specifying
    /// Multiple Hosts").
    func endpoints() throws(PostgresError) -> [PostgresConfiguration.Endpoint] {
        let hosts = list(.host)
        let addresses = list(.hostaddr)
        let ports = try portNumbers()
        let count = max(addresses.isEmpty ? hosts.count : addresses.count, 1)
        guard hosts.isEmpty || hosts.count == count else {
            throw invalid(
                "value of \"hostaddr\" holds \(count) addresses for \(hosts.count) hosts", because: [.host, .hostaddr])
        }
        guard ports.count <= 1 || ports.count == count else {
            throw invalid(
                "value of \"port\" holds \(ports.count) ports for \(count) hosts", because: [.host, .hostaddr, .port])
        }
        return (0..<count).map { index in
            let port = ports.count == 1 ? ports[0] : ports.isEmpty ? Self.portDefault : ports[index]
            let host = hosts.isEmpty ? "" : hosts[index]
            if !addresses.isEmpty, !addresses[index].isEmpty {
                return .tcp(host: host, address: addresses[index], port: port)
            }
            if host.isEmpty { return .unixSocket(directory: System.socketDirectory, port: port) }
            if host.hasPrefix("/") || host.hasPrefix("@") { return .unixSocket(directory: host, port: port) }
            return .tcp(host: host, port: port)
        }
    }

    private static let portDefault: UInt16 = 5432

    private func portNumbers() throws(PostgresError) -> [UInt16] {
        var ports: [UInt16] = []
        for text in list(.port) {
            guard !text.isEmpty else {
                ports.append(Self.portDefault)
                continue
            }
            guard let port = Self.integer(text).flatMap(UInt16.init(exactly:)), port > 0 else {
                throw invalid(.port, "is not in 1…65535", hint: Self.hint(onPort: text))
            }
            ports.append(port)
        }
        return ports
    }

    private static func hint(onPort text: String) -> String? {
        if text.contains(":") {
            return "In a URI an IPv6 address stands in brackets, as in postgres://[::1]:5432/shop."
        }
        guard integer(text) == nil else { return nil }
        return "A port is a number such as 5432. In a URI the password is followed by \"@\" and the host."
    }
}
