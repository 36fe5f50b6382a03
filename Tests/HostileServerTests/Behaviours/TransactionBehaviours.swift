import PostgresStreaming
import PostgresTestSupport

/// BEGIN, COMMIT and ROLLBACK by a server that does not do what it says, or does not say what it did.
enum TransactionBehaviours {
    private static let none = Hostile.none

    static let all = beginnings + commits + rollbacks

    private static let beginnings: [Behaviour] = [
        .answering(
            "BEGIN", "an error", .beginning, .described, [.send(Hostile.error.ready().bytes)], then: .nextFlight,
            .failsUsable([.server]), verbs: [.transaction]),
        .bytes(
            "a status that says no transaction is open", .beginning, .completed, none.ready("I"), then: .nextFlight,
            .failsUsable([.transactionEnded]), verbs: [.transaction]),
        .bytes(
            "a status that says it failed", .beginning, .completed, none.ready("E"), then: .nextFlight,
            .failsUsable([.transactionRolledBack]), verbs: [.transaction]),
        .answering(
            "BEGIN", "rows for BEGIN", .beginning, .described, [.sendUntilClosed(none.rows(7...8).bytes)],
            .violation, verbs: [.transaction]),
        .answering(
            "BEGIN", "COPY for BEGIN", .beginning, .described, [.sendUntilClosed(none.message("W", [0, 0, 0]).bytes)],
            .violation, verbs: [.transaction]),
        .answering("BEGIN", "FIN", .beginning, .described, [.close], .lost, verbs: [.transaction]),
    ]

    private static let unknown = Expectation.fails([.commitUnknown])

    private static let commits: [Behaviour] = [
        commit("FIN before the answer", .asked, [.close]), commit("RST before the answer", .asked, [.reset]),
        commit("FIN after ParseComplete", .parsed, [.close]), commit("FIN after BindComplete", .described, [.close]),
        commit("FIN before ReadyForQuery", .completed, [.close]),
        commit("RST before ReadyForQuery", .completed, [.reset]),
        commit(
            "a farewell", .described, [.send(Hostile.farewell.bytes), .close],
            .fails([.commitUnknown, .sessionEndedByServer])),
        commit("a message that no server sends", .asked, [.sendUntilClosed(none.message("!").bytes)]),
        commit("rows", .described, [.sendUntilClosed(none.rows(7...8).bytes)]),
        commit("ReadyForQuery alone", .asked, [.sendUntilClosed(none.ready().bytes)]),
        commit("CommandComplete twice", .completed, [.sendUntilClosed(none.complete("COMMIT").ready().bytes)]),
        commit("an unknown status", .completed, [.sendUntilClosed(none.ready("x").bytes)]),
        commit("COPY", .described, [.sendUntilClosed(none.message("W", [0, 0, 0]).bytes)]),
        commit("a message above the limit", .described, [.sendUntilClosed(Hostile.announced("C", length: .max).bytes)]),
        commit("silence", .asked, [.never]).ended(by: .commit),
        commit("silence before ReadyForQuery", .completed, [.never]).ended(by: .commit),
        commit("notices without end", .asked, [.flood(BackendBytes.repeated(none.notice("busy").bytes, count: 500))])
            .ended(by: .commit),
        commit(
            "the tag ROLLBACK", .inRows, [.send(none.complete("ROLLBACK").ready().bytes)],
            .failsUsable([.transactionRolledBack]), then: .nextFlight),
        commit("an error", .inRows, [.send(Hostile.error.ready().bytes)], .failsUsable([.server]), then: .nextFlight),
        commit(
            "the tag COMMIT, and the transaction still open", .completed, [.send(none.ready("T").bytes)],
            unknown, then: .nextFlight),
        commit(
            "the tag COMMIT, and the transaction failed", .completed, [.send(none.ready("E").bytes)],
            unknown, then: .nextFlight),
        commit("another tag", .inRows, [.send(none.complete("COMMITTED").ready().bytes)], unknown, then: .nextFlight),
        commit("an empty tag", .inRows, [.send(none.complete("").ready().bytes)], unknown, then: .nextFlight),
        commit(
            "the tag of a query", .inRows, [.send(none.complete("SELECT 1").ready().bytes)], unknown, then: .nextFlight),
        commit("EmptyQueryResponse", .inRows, [.send(none.message("I").ready().bytes)], unknown, then: .nextFlight),
        commit(
            "an error after CommandComplete", .completed, [.send(Hostile.error.ready().bytes)],
            .failsUsable([.server]), then: .nextFlight),
    ]

    private static func commit(
        _ name: String, _ point: HonestBackend.Point, _ steps: [Step], _ expected: Expectation = unknown,
        then continuation: HonestBackend.Continuation = .silence
    ) -> Behaviour {
        .answering("COMMIT", name, .committing, point, steps, then: continuation, expected, verbs: [.transaction])
    }

    /// After an error in the transaction, which is what the call throws whatever becomes of the ROLLBACK.
    private static let rollbacks: [Behaviour] = [
        rollback("silence", [.never]).ended(by: .cleanUp),
        rollback("notices without end", [.flood(BackendBytes.repeated(none.notice("busy").bytes, count: 500))])
            .ended(by: .cleanUp),
        rollback("FIN", [.close]), rollback("RST", [.reset]),
        rollback("an error", [.send(Hostile.error.ready("E").bytes)]),
        rollback("rows", [.sendUntilClosed(none.rows(7...8).bytes)]),
        rollback("a message that no server sends", [.sendUntilClosed(none.message("!").bytes)]),
    ]

    private static func rollback(_ name: String, _ steps: [Step]) -> Behaviour {
        Behaviour.connecting(name, .rollingBack, .fails([.server]), verbs: [.transaction]) {
            [
                .expectStartup, .send(BackendBytes.welcome), .expect("PBEPBDES"),
                .send(
                    BackendBytes().message("1").message("2").complete("BEGIN").message("1")
                        .error("ERROR", "22012", "division by zero").ready("E").bytes),
                .expect("PBES"),
            ] + steps + [.expectAnyEnd]
        }
    }
}
