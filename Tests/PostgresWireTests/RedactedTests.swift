import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct RedactedTests {
    private static let secret = "hunter2"
    private static let secretBytes = Array("hunter2".utf8)
    /// How an array of the secret's bytes is printed.
    private static let secretNumbers = "104, 117, 110"

    private static let messages: [any Redacted & Sendable] = [
        PasswordMessage(password: secret),
        SASLInitialResponse(mechanism: "SCRAM-SHA-256", data: secretBytes),
        SASLResponse(data: secretBytes),
        GSSResponse(token: secretBytes),
        CancelRequest(processID: 1, secretKey: secretBytes),
        StartupMessage(parameters: [StartupParameter(name: "user", value: secret)]),
        StartupParameter(name: "user", value: secret),
        parameters,
        BackendKeyData(processID: 1, secretKey: secretBytes),
        CopyData(bytes: secretBytes),
        DataRow(cells: [secretBytes]),
        FunctionCallResponse(value: secretBytes),
    ]

    private static let parameters: BoundParameters = {
        var parameters = BoundParameters()
        parameters.append(type: 25, format: .text) { $0 += secretBytes }
        return parameters
    }()

    @Test(arguments: messages.indices)
    func `no way of printing shows what is redacted`(index: Int) {
        expectNothingSecret(in: RedactedTests.messages[index])
    }

    @Test func `what is redacted stays so inside of another value`() {
        expectNothingSecret(in: Bind(statement: "s", parameters: Self.parameters))
        expectNothingSecret(
            in: BackendMessage.backendKeyData(BackendKeyData(processID: 1, secretKey: Self.secretBytes)))
        expectNothingSecret(in: [BackendMessage.copyData(CopyData(bytes: Self.secretBytes))])
        expectNothingSecret(in: Optional(PasswordMessage(password: Self.secret)))
    }

    @Test func `a redacted message tells what is harmless`() {
        #expect("\(PasswordMessage(password: Self.secret))" == "PasswordMessage(redacted)")
        #expect("\(BackendKeyData(processID: 7, secretKey: [1, 2, 3, 4]))" == "BackendKeyData(processID: 7)")
        #expect("\(Self.parameters)" == "BoundParameters(1 values)")
        let startup = StartupMessage(parameters: [StartupParameter(name: "user", value: Self.secret)])
        #expect("\(startup)" == "StartupMessage(3.0, parameters: user)")
    }

    private func expectNothingSecret<Value>(in value: Value) {
        var dumped = ""
        dump(value, to: &dumped)
        for text in ["\(value)", String(describing: value), String(reflecting: value), dumped] {
            #expect(!text.isEmpty)
            #expect(!text.contains(Self.secret))
            #expect(!text.contains(Self.secretNumbers))
            // `dump` writes an array one element to a line.
            #expect(!text.contains("- 104"))
        }
    }
}
