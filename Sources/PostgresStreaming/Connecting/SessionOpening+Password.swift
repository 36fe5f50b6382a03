import PostgresTransport
import PostgresWire

// A password that a program gives is a String, and one from a file becomes one. Strings cannot be overwritten: what is
// made of them can, and is.

extension SessionOpening {
    /// Returns the password: the one that was given, else the provider's, else the password file's.
    ///
    /// Asks the provider or opens the file only now that the server wants a password in a way that is allowed.
    nonisolated(nonsending) func password() async throws(PostgresError) -> String {
        let password = try await lookUpPassword()
        guard !password.utf8.contains(0) else {
            throw PostgresError(.configurationInvalid, "the password cannot hold a NUL", isConnectionUsable: false)
        }
        return password
    }

    private nonisolated(nonsending) func lookUpPassword() async throws(PostgresError) -> String {
        if let password = configuration.password, !password.isEmpty {
            if let origin = configuration.passwordOrigin, origin.password == password {
                hint("The password came from \(origin.place).")
            }
            return password
        }
        let request = PostgresConfiguration.PasswordRequest(
            endpoint: endpoint, user: configuration.user, database: configuration.database)
        if let provider = configuration.passwordProvider { return try await ask(provider, request) }
        guard let path = configuration.passwordFile else {
            throw Self.noPassword(
                hint: configuration.scramKeys.map { _ in "SCRAM keys answer SCRAM-SHA-256 only." })
        }
        return try await read(path, request)
    }

    private nonisolated(nonsending) func ask(
        _ provider: @escaping PostgresConfiguration.PasswordProvider,
        _ request: PostgresConfiguration.PasswordRequest
    ) async throws(PostgresError) -> String {
        enum Answer { case password(String), failure(String) }
        let answer: Answer
        do throws(TransportError) {
            answer = try await ForeignWork.run(on: driver.loop, deadline: driver.deadline) {
                do {
                    return .password(try await provider(request))
                } catch {
                    // The type is harmless; what the error says may be a token.
                    return .failure("\(type(of: error))")
                }
            }
        } catch {
            throw PostgresError(connecting: error, while: .passwordProvider)
        }
        switch answer {
        case .password(let password) where !password.isEmpty:
            hint("The password came from the password provider.")
            return password
        case .password:
            throw Self.unavailable("the password provider gave an empty password", hint: nil)
        case .failure(let type):
            throw Self.unavailable(
                "the password provider failed with an error of type \(type)",
                hint: "What the error says is left out here; log it where it is thrown.")
        }
    }

    private nonisolated(nonsending) func read(
        _ path: String, _ request: PostgresConfiguration.PasswordRequest
    ) async throws(PostgresError) -> String {
        let outcome: PasswordFile.Outcome
        do throws(TransportError) {
            outcome = try await BlockingWork.run(on: driver.loop, deadline: driver.deadline) {
                PasswordFile.look(up: request.endpoint, user: request.user, database: request.database, at: path)
            }
        } catch {
            throw PostgresError(connecting: error, while: .passwordFile)
        }
        switch outcome {
        case .found(let password) where !password.isEmpty:
            hint("The password came from the file \"\(path)\".")
            return password
        case .found, .absent: throw Self.noPassword(hint: nil)
        case .refused(let reason): throw Self.noPassword(hint: "The \(reason).")
        }
    }

    // MARK: errors

    private static func noPassword(hint: String?) -> PostgresError {
        PostgresError(
            .authenticationFailed, "the server asks for a password and none was given", hint: hint,
            isConnectionUsable: false)
    }

    private static func unavailable(_ message: String, hint: String?) -> PostgresError {
        PostgresError(.passwordUnavailable, message, hint: hint, isConnectionUsable: false)
    }
}
