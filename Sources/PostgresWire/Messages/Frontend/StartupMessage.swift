/// Opens a session (manual: "Start-up").
package struct StartupMessage: FrontendMessage {
    /// The version that the client wants to speak.
    package let protocolVersion: ProtocolVersion
    /// The user, the database and the run-time parameters, in the order in which they are sent.
    package let parameters: [StartupParameter]

    /// Creates the message.
    package init(protocolVersion: ProtocolVersion = .v3_0, parameters: [StartupParameter]) {
        self.protocolVersion = protocolVersion
        self.parameters = parameters
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.untypedMessage { body throws(FrontendMessageError) in
            body.integer(protocolVersion.code)
            for parameter in parameters {
                // An empty name would end the list, and the server would read what follows as something else.
                guard !parameter.name.isEmpty else { throw FrontendMessageError.emptyName }
                try body.string(parameter.name)
                try body.string(parameter.value)
            }
            body.integer(UInt8(0))
        }
    }
}

extension StartupMessage: Redacted {
    package var description: String {
        let names = parameters.map(\.name).joined(separator: ", ")
        return "StartupMessage(\(protocolVersion), parameters: \(names))"
    }
}
