/// What the scanner finds wrong, and where. It is two words, so that the scanner's own loop carries nothing for it.
struct ScanProblem: Error {
    /// What is wrong.
    enum Kind: UInt8 {
        case valueNeeded, valueCutOff, containerCutOff, stringCutOff
        case nameNeeded, colonNeeded, commaOrBraceNeeded, commaOrBracketNeeded, somethingBehind
        case controlCharacter, notUTF8, unknownEscape, hexadecimalNeeded, loneSurrogate
        case digitNeeded, digitBehindPointNeeded, digitInExponentNeeded, leadingZero
        case tooDeep, tooLong, duplicateKey
        /// No fault of the document's.
        case tapeFull
    }

    let kind: Kind
    let offset: Int

    init(_ kind: Kind, _ offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// The error to throw, with the way to where the scanner was.
    func error(_ limits: JSONLimits, path: [JSONPathStep]) -> JSONError {
        let code: JSONErrorCode =
            switch kind {
            case .tooDeep, .tooLong: .limitExceeded
            case .duplicateKey: .duplicateKey
            default: .syntax
            }
        return JSONError(code, message(limits), byteOffset: offset, path: path)
    }

    private func message(_ limits: JSONLimits) -> String {
        switch kind {
        case .valueNeeded: "a value is needed"
        case .valueCutOff: "the document ends where a value is needed"
        case .containerCutOff: "the document ends within an array or object"
        case .stringCutOff: "the document ends within a string"
        case .nameNeeded: "a member's name is needed"
        case .colonNeeded: "a colon is needed behind a member's name"
        case .commaOrBraceNeeded: "a comma or the object's end is needed"
        case .commaOrBracketNeeded: "a comma or the array's end is needed"
        case .somethingBehind: "something follows the document's value"
        case .controlCharacter: "a control character in a string is not escaped"
        case .notUTF8: "a string is not UTF-8"
        case .unknownEscape: "a backslash is followed by no escape"
        case .hexadecimalNeeded: "four hexadecimal digits are needed"
        case .loneSurrogate: "half of a surrogate pair stands alone"
        case .digitNeeded: "a digit is needed"
        case .digitBehindPointNeeded: "a digit is needed behind the point"
        case .digitInExponentNeeded: "a digit is needed in the exponent"
        case .leadingZero: "a number begins with a zero that is not needed"
        case .tooDeep: "the document is deeper than \(limits.depthMax) levels"
        case .tooLong: "the document is longer than \(limits.bytesMax) bytes"
        case .tapeFull: "the tape is full"
        case .duplicateKey: "the object has two members of the same name"
        }
    }
}
