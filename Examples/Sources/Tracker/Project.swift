public import JSONTape

/// A document of `tracker.v_project` that describes its members itself, which is the fastest way to decode it.
public struct Project: JSONDecodable, Sendable {
    public let id: Int
    public let name: String
    public let status: String
    public let stars: Int
    public let tags: [String]
    public let owner: Owner

    /// Who owns it.
    public struct Owner: JSONDecodable, Sendable {
        public let id: Int
        public let name: String

        /// Takes the members out of the document.
        public init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
            name = try members.decode("name")
        }
    }

    /// Takes the members out of the document, in the order in which jsonb keeps them.
    public init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
        tags = try members.decode("tags")
        owner = try members.decode("owner")
        stars = try members.decode("stars")
        status = try members.decode("status")
    }
}
