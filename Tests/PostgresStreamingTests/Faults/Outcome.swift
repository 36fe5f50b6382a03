import PostgresStreaming
import PostgresTestSupport
import Testing

typealias Step = ScriptedServer.Step

/// How a query for one column of numbers went: the numbers seen, and the error that ended it, nil for a normal end.
struct Outcome: Sendable {
    var numbers: [Int64] = []
    var error: PostgresError?

    static func of(_ query: PostgresQuery, on connection: PostgresConnection) async -> Outcome {
        var outcome = Outcome()
        do throws(PostgresError) {
            let rows = try await connection.query(query)
            for try await number in rows.decode(Int64.self) { outcome.numbers.append(number) }
        } catch {
            outcome.error = error
        }
        return outcome
    }

    /// Connects first; that may be what fails.
    static func of(_ query: PostgresQuery, at url: String) async -> Outcome {
        do throws(PostgresError) {
            return await of(query, on: try await PostgresConnection.connect(url))
        } catch {
            return Outcome(error: error)
        }
    }
}

extension PostgresError {
    /// Why the one server that was tried led to no session; nil where the message does not begin with its name.
    var reason: String? {
        guard message.hasPrefix("could not connect to "), let colon = message.firstRange(of: ": ") else { return nil }
        return String(message[colon.upperBound...])
    }
}

/// Returns the error that `body` throws; that it throws none is a failure of the test.
func failure<Result>(
    of body: () async throws -> Result, sourceLocation: SourceLocation = #_sourceLocation
) async -> PostgresError? {
    do {
        _ = try await body()
        Issue.record("no error was thrown", sourceLocation: sourceLocation)
    } catch let error as PostgresError {
        return error
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
    return nil
}

/// Joins the parts of a script.
func script(_ parts: [Step]...) -> [Step] { parts.flatMap { $0 } }

extension [Step] {
    /// Lets the client in without asking for anything.
    static let welcome: [Step] = [.expectStartup, .send(BackendBytes.welcome)]

    /// Reads one extended query and answers it.
    static func answer(_ numbers: ClosedRange<Int64>, status: Character = "I") -> [Step] {
        [.expect("PBDES"), .send(BackendBytes.answer(numbers, status: status))]
    }
}

/// Everything that a program may print of a value.
func printed<Value>(_ value: Value) -> String {
    var text = "\(value) \(String(reflecting: value)) \(String(describing: Optional(value)))"
    dump(value, to: &text)
    dump([value], to: &text)
    return text
}
