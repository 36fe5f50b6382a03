import PostgresStreaming

/// What may be done with credit. Each method is one transaction; the repository inside of it is made for that transaction.
struct CreditService {
    let client: PostgresClient

    enum Refusal: Error, Equatable {
        case noSuchCustomer(Int)
        case notEnoughCredit
    }

    /// Moves credit from one customer to another, or does nothing and throws.
    func move(_ amount: Int, from giver: Int, to receiver: Int) async throws {
        try await client.withRetryingTransaction(isolation: .serializable) { transaction in
            let customers = CustomerRepository(database: transaction)
            guard let found = try await customers.find(giver) else { throw Refusal.noSuchCustomer(giver) }
            guard found.credit >= amount else { throw Refusal.notEnoughCredit }
            _ = try await customers.changeCredit(of: giver, by: -amount)
            guard try await customers.changeCredit(of: receiver, by: amount) else {
                throw Refusal.noSuchCustomer(receiver)
            }
        }
    }
}
