package import JSONTape

/// A document of `tracker.v_project` that describes its members itself, which is the fastest way to decode it.
package struct Project: JSONDecodable, Sendable {
    package let id: Int
    package let name: String
    package let status: String
    package let stars: Int
    package let tags: [String]
    package let owner: Owner

    /// Who owns it.
    package struct Owner: JSONDecodable, Sendable {
        package let id: Int
        package let name: String

        /// Takes the members out of the document.
        package init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
            name = try members.decode("name")
        }
    }

    /// Takes the members out of the document, in the order in which jsonb keeps them.
    package init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        id = try members.decode("id")
        name = try members.decode("name")
        tags = try members.decode("tags")
        owner = try members.decode("owner")
        stars = try members.decode("stars")
        status = try members.decode("status")
    }
}
