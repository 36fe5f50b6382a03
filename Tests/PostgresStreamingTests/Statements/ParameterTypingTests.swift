import PostgresStreaming
import PostgresTestSupport
import Testing

/// What is asked about the types of parameters, and what is made of the answers.
@Suite struct ParameterTypingTests {
    private static let int = SampleParameter(20, isInferable: true)
    private static let double = SampleParameter(701, isInferable: true)
    private static let date = SampleParameter(1184, isInferable: true)
    private static let bytes = SampleParameter(17, isInferable: true)
    private static let ints = SampleParameter(1016, isInferable: true)
    private static let doubles = SampleParameter(1022, isInferable: true)
    private static let string = SampleParameter(0)
    private static let uuid = SampleParameter(2950)
    private static let nullInt = SampleParameter(20, isInferable: true, isNull: true)
    private static let nullUUID = SampleParameter(2950, isNull: true)

    private func typing(
        _ types: SampleParameter..., casts: Set<Int> = [], narrow: [Int: UInt32] = [:]
    ) -> ParameterTyping {
        SampleParameter.typing(types, casts: casts, narrow: narrow)
    }

    @Test func `what the server's casts would change is left open, integers are not`() {
        #expect(
            typing(Self.int, Self.string, Self.uuid, Self.double, Self.date, Self.bytes, Self.ints).asked
                == [20, 0, 2950, 0, 0, 0, 1016])
        #expect(typing(Self.nullUUID, Self.nullInt, Self.doubles).asked == [0, 0, 0])
        #expect(typing(Self.double, Self.nullInt, casts: [0, 1]).asked == [701, 0])
        #expect(typing(Self.int, Self.uuid).asksWithOwnTypes && !typing(Self.double).asksWithOwnTypes)
    }

    @Test(arguments: [
        (Self.double, [701, 1700, 16_500] as [UInt32]), (Self.date, [1184, 1114, 1082, 1083, 1266]),
        (Self.bytes, [17, 3802, 114, 142]), (Self.doubles, [1022, 1231]),
        (Self.nullInt, [23, 2950, 1184, 16_500, 3802]), (Self.nullUUID, [20, 2950]),
    ])
    func `an answer of the same family counts`(type: SampleParameter, answers: [UInt32]) {
        for answer in answers {
            var typing = typing(type)
            let isSettled = typing.answered([answer])
            #expect(isSettled && typing.asked == [answer], "\(type.oid) as \(answer)")
        }
    }

    @Test(arguments: [
        (Self.double, [25, 1186, 16, 23, 20, 700, 0] as [UInt32]), (Self.date, [25, 20, 1186, 16_500]),
        (Self.bytes, [25, 1043, 19, 2950, 23, 16_500]), (Self.doubles, [25, 701, 1007, 16_500]), (Self.nullInt, [25]),
    ])
    func `with any other the type of the value is asked with`(type: SampleParameter, answers: [UInt32]) {
        for answer in answers {
            var typing = typing(type)
            let isSettled = typing.answered([answer])
            #expect(!isSettled && typing.asked == [type.oid], "\(type.oid) as \(answer)")
            let isSettledThen = typing.answered([type.oid])
            #expect(isSettledThen && typing.asked == [type.oid])
        }
    }

    private enum Reply {
        /// The server has understood the statement, and names these types.
        case named([UInt32], isSettled: Bool)
        case failed(SQLState)
    }

    /// What is asked after each reply; nil where it is not asked again.
    private func asked(_ typing: ParameterTyping, _ replies: Reply...) -> [[UInt32]?] {
        var typing = typing
        return replies.map { reply in
            switch reply {
            case .named(let types, let expected):
                let isSettled = typing.answered(types)
                #expect(isSettled == expected)
                return typing.asked
            case .failed(let state):
                let isAskedAgain = typing.refused(state)
                return isAskedAgain ? typing.asked : nil
            }
        }
    }

    @Test func `an answer counts for each parameter by itself`() {
        #expect(
            asked(
                typing(Self.double, Self.string, Self.double), .named([1700, 25, 25], isSettled: false),
                .named([1700, 25, 701], isSettled: true)) == [[1700, 0, 701], [1700, 0, 701]])
    }

    @Test
    func `a refusal leads to what the server says of integers, and then to narrower ones while the others stay open`() {
        #expect(
            asked(
                typing(Self.int, Self.double, Self.date, narrow: [0: 23]), .failed(.undefinedFunction),
                .failed(.undefinedFunction), .failed(.undefinedFunction), .failed(.undefinedFunction),
                .failed(.undefinedFunction)) == [[0, 0, 0], [23, 0, 0], [20, 701, 1184], [23, 701, 1184], nil])
    }

    @Test func `nothing is asked twice`() {
        #expect(
            asked(
                typing(Self.int, narrow: [0: 23]), .failed(.indeterminateDatatype), .failed(.undefinedFunction),
                .failed(.undefinedFunction)) == [[0], [23], nil])
        #expect(
            asked(typing(Self.double), .named([25], isSettled: false), .failed(.undefinedFunction)) == [[701], nil])
    }

    @Test func `what the statement was refused with is not asked about`() {
        let known = SampleParameter.typing([Self.int], narrow: [0: 23], refused: [20])
        #expect(known.asked == [0])
        // But at last, because its error is the one to tell.
        #expect(
            asked(known, .failed(.undefinedFunction), .failed(.undefinedFunction), .failed(.undefinedFunction))
                == [[23], [20], nil])
        #expect(SampleParameter.typing([Self.uuid], refused: [2950]).asked == [2950])
    }

    @Test func `what the server names for an integer counts where it is an integer`() {
        #expect(
            asked(
                typing(Self.int), .failed(.undefinedFunction), .named([28], isSettled: true)) == [[0], [28]])
        #expect(
            asked(
                typing(Self.int), .failed(.undefinedFunction), .named([701], isSettled: true)) == [[0], [20]])
    }

    @Test func `where the answer leads back to what was refused, it goes on`() {
        #expect(
            asked(
                typing(Self.int, narrow: [0: 23]), .failed(.undefinedFunction), .named([25], isSettled: false),
                .named([23], isSettled: true)) == [[0], [23], [23]])
    }

    @Test func `bytes and NULL take any answer where the server refuses their own type`() {
        #expect(
            asked(
                typing(Self.bytes, Self.nullInt), .named([25, 25], isSettled: false), .failed(.datatypeMismatch),
                .named([25, 25], isSettled: true)) == [[17, 20], [25, 25], [25, 25]])
    }

    @Test func `a cast is first asked about as it is written`() {
        let cast = typing(Self.int, Self.bytes, casts: [0, 1], narrow: [0: 23])
        #expect(cast.asked == [20, 17])
        #expect(
            asked(cast, .failed(.cannotCoerce), .failed(.cannotCoerce), .named([23, 3802], isSettled: true))
                == [[23, 17], [23, 0], [23, 3802]])
    }

    @Test(arguments: [SQLState.undefinedTable, .syntaxError, .inFailedSQLTransaction, .insufficientPrivilege])
    func `an error about something else ends it`(state: SQLState) {
        #expect(asked(typing(Self.int, narrow: [0: 23]), .failed(state)) == [nil])
    }

    @Test func `an answer about fewer parameters, as of commands that have none, leaves the others as they are`() {
        #expect(asked(typing(Self.double, Self.double), .named([1700], isSettled: false)) == [[1700, 701]])
    }
}
