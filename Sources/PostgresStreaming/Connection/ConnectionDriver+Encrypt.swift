import PostgresTransport

extension ConnectionDriver {
    /// Encrypts the connection before anything is said on it.
    nonisolated(nonsending) func encrypt(
        _ encryption: Encryption, isRequired: Bool
    ) async throws(PostgresError) {
        let answer: Encryption.Answer
        do throws(TransportError) {
            answer = try await encryption.begin(on: socket, deadline: deadline ?? .now) { connectStep = $0 }
        } catch {
            throw PostgresError(connecting: error, while: connectStep)
        }
        if case .begun(let information) = answer {
            self.encryption = encryption
            tls = information
        } else if let error = PostgresError(refusedBy: answer, isRequired: isRequired) {
            throw error
        }
    }
}
