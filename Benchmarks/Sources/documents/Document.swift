public import JSONTape

/// A document of the table, by its own description.
public struct Document: JSONDecodable {
    /// A part of it.
    public struct Owner: JSONDecodable {
        public let id: Int, name: String, email: String

        /// Decodes it.
        public init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
            name = try members.decode("name")
            email = try members.decode("email")
        }
    }

    public let id: Int, name: String, tags: [String], owner: Owner, score: Double, status: String, isActive: Bool
    public let createdAt: String, updatedAt: String

    /// Decodes it.
    public init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
        tags = try members.decode("tags")
        owner = try members.decode("owner")
        score = try members.decode("score")
        status = try members.decode("status")
        isActive = try members.decode("is_active")
        createdAt = try members.decode("created_at")
        updatedAt = try members.decode("updated_at")
    }
}

/// The same by the compiler's description.
public struct CodableDocument: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, name, tags, owner, score, status
        case isActive = "is_active"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    /// A part of it.
    public struct Owner: Decodable { public let id: Int, name: String, email: String }

    public let id: Int, name: String, tags: [String], owner: Owner, score: Double, status: String, isActive: Bool
    public let createdAt: String, updatedAt: String
}
