import PostgresTransport

/// What a scripted server asks for.
package enum AuthenticationScript {
    /// What a script is made of.
    package typealias Step = ScriptedServer.Step

    /// An Authentication message with this code.
    package static func ask(_ code: Int32, _ data: [UInt8] = []) -> Step {
        .send(BackendBytes().authentication(code, data).bytes)
    }

    /// SASL mechanisms as AuthenticationSASL lists them.
    package static func list(_ mechanisms: [String]) -> [UInt8] { mechanisms.flatMap(BackendBytes.string) + [0] }

    /// The offer of an honest server without TLS.
    package static let offer = ask(10, list(["SCRAM-SHA-256"]))

    /// Plays SCRAM up to the server's last message; what an honest server would say goes through `first` and `final`.
    package static func scram(
        password: String = TestListener.password,
        first: @escaping @Sendable (String) -> String = { $0 },
        final: @escaping @Sendable (String) -> String = { $0 }
    ) throws -> [Step] {
        let server = Locked(try SCRAMServer(password: password))
        return [
            .expectStartup, offer, .expect("p"),
            .answer { frame in
                let data = Array(frame.body.drop { $0 != 0 }.dropFirst(5))
                let message = server.withLock { $0.first(answering: data) }
                return BackendBytes().authentication(11, Array(first(message).utf8)).bytes
            }, .expect("p"),
            .answer { frame in
                let message = try server.withLock { server in try server.final(answering: frame.body) }
                return BackendBytes().authentication(12, Array(final(message).utf8)).bytes
            },
        ]
    }

    /// Lets the client in, or whoever proves nothing out, after this answer to the request for a password.
    package static func asksForPassword(_ code: Int32, _ data: [UInt8] = []) -> [Step] {
        [.expectStartup, ask(code, data), .expect("p"), .send(BackendBytes.welcome), .expectEnd]
    }

    /// Refuses the password that it asked for in the clear.
    package static let refusesPassword: [Step] = [
        .expectStartup, ask(3), .expect("p"),
        .send(BackendBytes().error("FATAL", "28P01", "password authentication failed for user \"tester\"").bytes),
        .expectEnd,
    ]
}
