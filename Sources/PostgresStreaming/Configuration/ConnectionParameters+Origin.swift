extension ConnectionParameters {
    /// Where a value comes from that is not in the connection string.
    package enum Origin: Hashable, Sendable {
        /// An environment variable of this name.
        case variable(String)
        /// The section of this name of a service file.
        case service(String, file: String)

        /// As it stands after "comes from".
        var description: String {
            switch self {
            case .variable(let name): "the environment variable \(name)"
            case .service(let section, let file): "the section \"\(section)\" of the service file \"\(file)\""
            }
        }

        /// As it stands in parentheses after what it gave.
        fileprivate var remark: String {
            switch self {
            case .variable(let name): "environment variable \(name)"
            case .service(let section, let file): "section \"\(section)\" of service file \"\(file)\""
            }
        }
    }

    /// Refuses a value, without quoting it, and says where it is if it is not in the string.
    func invalid(_ keyword: ConnectionKeyword, _ problem: String, hint: String? = nil) -> PostgresError {
        let remark = origins[keyword].map { " (\($0.remark))" } ?? ""
        return PostgresError(.configurationInvalid, "value of \"\(keyword)\"\(remark) \(problem)", hint: hint)
    }

    /// Refuses what several values make together.
    func invalid(_ problem: String, because keywords: [ConnectionKeyword], hint: String? = nil) -> PostgresError {
        naming(keywords, in: PostgresError(.configurationInvalid, problem, hint: hint))
    }

    /// Says in an error's hint which of the values it is about are not in the string.
    func naming(_ keywords: [ConnectionKeyword], in error: PostgresError) -> PostgresError {
        let sentences = keywords.compactMap { keyword in
            origins[keyword].map { "The value of \"\(keyword)\" comes from \($0.description)." }
        }
        guard !sentences.isEmpty else { return error }
        let hint = ([error.hint].compactMap { $0 } + sentences).joined(separator: " ")
        return PostgresError(error.code, error.message, hint: hint)
    }
}
