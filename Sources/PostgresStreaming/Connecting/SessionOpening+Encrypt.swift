import PostgresTransport

extension SessionOpening {
    /// Encrypts the connection before anything is said on it.
    nonisolated(nonsending) func encrypt(
        _ encryption: Encryption, isRequired: Bool
    ) async throws(PostgresError) {
        let answer: Encryption.Answer
        do throws(TransportError) {
            answer = try await encryption.begin(on: driver.channel.socket, deadline: driver.deadline ?? .now) {
                driver.opening?.step = $0
            }
        } catch {
            throw PostgresError(connecting: error, while: driver.step)
        }
        if case .begun(let information) = answer {
            driver.peer.encryption = encryption
            driver.peer.tls = information
        } else if let error = PostgresError(refusedBy: answer, isRequired: isRequired) {
            throw error
        }
    }
}
