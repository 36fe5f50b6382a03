/// The server's first message: its part of the nonce, and how the password is to be stretched.
struct SCRAMServerFirst {
    let nonce: [UInt8]
    let salt: [UInt8]
    /// What is too large for an Int counts as its maximum.
    let iterations: Int

    /// Decodes the message that answers a client's first message with `clientNonce`.
    init(validating message: [UInt8], clientNonce: [UInt8]) throws(ProtocolViolation) {
        var attributes = try SCRAMAttributes(validating: message, of: "server-first")
        nonce = Array(try attributes.value(of: "r"))
        guard nonce.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw attributes.violation("holds a nonce that is not printable")
        }
        // A nonce without a part of the server's would let it replay an old exchange.
        guard nonce.count > clientNonce.count, nonce.starts(with: clientNonce) else {
            throw attributes.violation("holds a nonce that does not extend the client's")
        }
        guard let salt = Base64.decode(try attributes.value(of: "s")), !salt.isEmpty else {
            throw attributes.violation("holds a salt that is not base64")
        }
        self.salt = salt
        guard let iterations = Self.positiveNumber(try attributes.value(of: "i")) else {
            throw attributes.violation("holds an iteration count that is no positive number")
        }
        self.iterations = iterations
        try attributes.finish()
    }

    /// Throws unless the count is one of those that the client does, and not less than it does for a server that may be one
    /// in disguise.
    func check(_ limits: ClosedRange<Int>, unverifiedMin: Int = 1) throws(ProtocolViolation) {
        guard limits.contains(iterations) else {
            throw ProtocolViolation(
                .authenticationWork,
                "the server asks for a count of SCRAM iterations outside \(limits.lowerBound)...\(limits.upperBound)")
        }
        guard iterations >= unverifiedMin else {
            throw ProtocolViolation(
                .authenticationWeakness,
                "the server asks for fewer than \(unverifiedMin) SCRAM iterations, and is not verified")
        }
    }

    /// Returns the number, or `nil` unless it is the RFC's `posit-number`.
    private static func positiveNumber(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.first != UInt8(ascii: "0") else { return nil }
        var number = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            number = overflow || carry ? .max : sum
        }
        return number
    }
}
