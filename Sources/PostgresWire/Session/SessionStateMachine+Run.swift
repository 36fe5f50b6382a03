/// One run of a statement that the server has, alone in its flight: what most queries are. What is here says and takes the same
/// as flights and messages do, and costs less.
extension SessionStateMachine {
    /// Says one run of a statement, and a Sync; nothing if it cannot be encoded.
    ///
    /// - Parameters:
    ///   - result: what the statement returns, which has to be known.
    ///   - andSync: see `start` of a flight.
    package mutating func start(
        runOf statement: String, _ parameters: BoundParameters, resultFormats: [FormatCode],
        result: ExtendedFlight.Result, andSync: Bool = true
    ) throws(FrontendMessageError) {
        precondition(maySayMore, "a run is said on an idle session or in a pipeline")
        let outcome: SessionPhase.ExtendedStep
        switch result {
        case .noRows: outcome = .noRows
        case .rows(let columnCount): outcome = .rows(columnCount: columnCount)
        case .unknown, .copy: preconditionFailure("a statement that runs by itself is described")
        }
        try limitSteps(adding: 3)
        try outbound.appendRun(of: statement, parameters, resultFormats: resultFormats, andSync: andSync)
        awaitedSteps.compact()
        // What the server skips has no answer.
        if phase != .skipping {
            awaitedSteps.append(.bindComplete)
            awaitedSteps.append(outcome)
        }
        if andSync { appendSync(.sync) }
        goOnIfWaiting()
    }

    /// Takes the message at the front of the slab if it is a short one that comes with every run, that is whole, and that may
    /// come now: BindComplete, CommandComplete or ReadyForQuery. Everything else is left to `receive`.
    package mutating func receiveShort(in slab: ReceiveSlab) -> SessionEvent? {
        let start = slab.start
        guard slab.end - start > Deframer.headerBytes - 1 else { return nil }
        let bytes = slab.bytes(start..<slab.end)
        let length = Int(bytes.bigEndian(at: 1, as: Int32.self))
        guard length >= 4, length <= Self.shortLengthMax, length < bytes.byteCount else { return nil }
        let body = bytes.extracting(Deframer.headerBytes..<1 + length)
        guard let event = takeShort(bytes.byte(at: 0), body) else { return nil }
        slab.consume(upTo: start + 1 + length)
        return event
    }

    /// More than tags have that the server writes.
    private static let shortLengthMax = 4 + 64

    private mutating func takeShort(_ type: UInt8, _ body: RawSpan) -> SessionEvent? {
        switch (type, phase) {
        case (UInt8(ascii: "2"), .extended(.bindComplete)):
            guard body.byteCount == 0 else { return nil }
            goOn()
            return .bound
        case (UInt8(ascii: "C"), .extended(.rows)), (UInt8(ascii: "C"), .extended(.noRows)):
            guard let tag = CommandTag(validating: body) else { return nil }
            goOn()
            return .completed(tag)
        case (UInt8(ascii: "Z"), .finishing):
            guard body.byteCount == 1, let status = TransactionStatus(rawValue: body.byte(at: 0)) else { return nil }
            return finish(ReadyForQuery(status: status))
        default: return nil
        }
    }
}

extension CommandTag {
    /// Decodes the body of a CommandComplete; nil where it is not one string of ASCII.
    fileprivate init?(validating body: RawSpan) {
        let end = body.byteCount - 1
        guard end >= 0, body.byte(at: end) == 0 else { return nil }
        for index in 0..<end {
            let byte = body.byte(at: index)
            guard byte > 0, byte < 0x80 else { return nil }
        }
        self.init(ascii: body.extracting(..<end))
    }
}

extension FrontendBuffer {
    /// Appends Bind to the unnamed portal, Execute, and Sync where that is said.
    fileprivate mutating func appendRun(
        of statement: String, _ parameters: BoundParameters, resultFormats: [FormatCode], andSync: Bool
    ) throws(FrontendMessageError) {
        try flight { buffer throws(FrontendMessageError) in
            try buffer.message(UInt8(ascii: "B")) { body throws(FrontendMessageError) in
                body.integer(UInt8(0))
                try body.string(statement)
                try body.parameters(parameters)
                try body.formats(resultFormats)
            }
            buffer.raw(andSync ? Self.executeAndSync : Self.execute)
        }
    }

    /// Execute of the unnamed portal without a row limit.
    private static let execute: [UInt8] = [UInt8(ascii: "E"), 0, 0, 0, 9, 0, 0, 0, 0, 0]
    private static let executeAndSync: [UInt8] = execute + [UInt8(ascii: "S"), 0, 0, 0, 4]
}
