import PostgresStreaming

// In a test function of Swift Testing these are the lines of its body, with #expect in the place of check.
func check(_ isTrue: Bool, _ what: String) { print("\(isTrue ? "holds" : "DOES NOT HOLD"): \(what)") }

/// Tests a repository in a transaction that is rolled back, so that every test finds the same database.
func testRepository(_ client: PostgresClient) async throws {
    do {
        try await client.withTransaction { transaction in
            let customers = CustomerRepository(database: transaction)
            let ada = try await customers.add("Ada", credit: 10)
            check(try await customers.find(ada.id) == ada, "a customer that was added is found")
            check(try await customers.find(-1) == nil, "one that was not is not")
            check(try await !customers.changeCredit(of: -1, by: 1), "nobody's credit cannot be changed")
            throw CancellationError()
        }
    } catch {
        guard error is CancellationError else { throw error }
    }
    let count = try await client.query("SELECT count(*) FROM customer").only().decode(Int.self)
    check(count == 0, "the test left nothing behind")
}

/// Tests a service, whose transactions are its own.
func testService(_ client: PostgresClient) async throws {
    let customers = CustomerRepository(database: client)
    let (ada, grace) = (try await customers.add("Ada", credit: 10), try await customers.add("Grace", credit: 0))
    let service = CreditService(client: client)
    try await service.move(4, from: ada.id, to: grace.id)
    check(try await customers.find(grace.id)?.credit == 4, "credit is moved")
    let tooMuch = try await refusal { try await service.move(100, from: ada.id, to: grace.id) }
    check(tooMuch == .notEnoughCredit, "too much is refused")
    let nobody = try await refusal { try await service.move(6, from: ada.id, to: -1) }
    check(nobody == .noSuchCustomer(-1), "nobody receives nothing")
    check(try await customers.find(ada.id)?.credit == 6, "what was refused changed nothing")
}

/// Returns what the service refuses `body` with; nil where it does not.
private func refusal(_ body: () async throws -> Void) async throws -> CreditService.Refusal? {
    do {
        try await body()
        return nil
    } catch {
        guard let refusal = error as? CreditService.Refusal else { throw error }
        return refusal
    }
}
