/// Calls a function by its object ID (manual: "Function Call").
package struct FunctionCall: FrontendMessage {
    /// The object ID of the function.
    package let functionOID: UInt32
    /// The values of the arguments; their types are not sent.
    package let arguments: BoundParameters
    /// The format of the result.
    package let resultFormat: FormatCode

    /// Creates the message.
    package init(functionOID: UInt32, arguments: BoundParameters, resultFormat: FormatCode) {
        self.functionOID = functionOID
        self.arguments = arguments
        self.resultFormat = resultFormat
    }

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "F")) { body throws(FrontendMessageError) in
            body.integer(functionOID)
            try body.parameters(arguments)
            body.integer(resultFormat.rawValue)
        }
    }
}
