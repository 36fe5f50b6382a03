import PostgresStreaming

// Addresses and networks, IPv4 and IPv6 (manual: "Network Address Functions and Operators"). A network counts as part of
// itself. What is no address is an error of the server.
extension FraiseField {
    /// Whether it is an IPv4 address.
    public var isIPv4: FraiseCondition { FraiseCondition { "family(\(address($0))) = 4" } }

    /// Whether it is an IPv6 address.
    public var isIPv6: FraiseCondition { FraiseCondition { "family(\(address($0))) = 6" } }

    /// Whether it is an address for private networks (RFC 1918, RFC 4193).
    public var isPrivateAddress: FraiseCondition { lies(in: "{10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7}") }

    /// Whether it is an address of the machine itself.
    public var isLoopback: FraiseCondition { lies(in: "{127.0.0.0/8,::1/128}") }

    /// Whether it is an address of a group of machines.
    public var isMulticast: FraiseCondition { lies(in: "{224.0.0.0/4,ff00::/8}") }

    /// Whether it is an address of one link only (RFC 3927, RFC 4291).
    public var isLinkLocal: FraiseCondition { lies(in: "{169.254.0.0/16,fe80::/10}") }

    /// Whether it is an address for documentation only (RFC 5737, RFC 3849).
    public var isDocumentationAddress: FraiseCondition {
        lies(in: "{192.0.2.0/24,198.51.100.0/24,203.0.113.0/24,2001:db8::/32}")
    }

    /// Whether it is an address that carriers share among customers (RFC 6598).
    public var isCarrierGradeAddress: FraiseCondition { lies(in: "{100.64.0.0/10}") }

    /// Whether it lies in a network, such as `10.1.0.0/16`.
    public func isInSubnet(_ network: String) -> FraiseCondition {
        FraiseCondition { "\(address($0)) <<= \(network)::text::inet" }
    }

    /// Whether it is a network that holds another.
    public func containsSubnet(_ network: String) -> FraiseCondition {
        FraiseCondition { "\(address($0)) >>= \(network)::text::inet" }
    }

    /// Whether it is a network that holds an address.
    public func containsAddress(_ address: String) -> FraiseCondition { containsSubnet(address) }

    /// Whether it and a network have addresses in common.
    public func overlapsNetwork(_ network: String) -> FraiseCondition {
        FraiseCondition { "\(address($0)) && \(network)::text::inet" }
    }

    private func lies(in networks: StaticString) -> FraiseCondition {
        FraiseCondition { "\(address($0)) <<= ANY ('\(unsafeSQL: "\(networks)")'::inet[])" }
    }

    private func address(_ context: FraiseContext) -> PostgresQuery { cast(to: "inet", context) }
}
