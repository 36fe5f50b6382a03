import PostgresStreaming

// Text: what is looked for is taken as it is; only `isLike` knows patterns (manual: "Pattern Matching").
extension FraiseField {
    /// Whether the text contains another.
    public func contains(_ text: String) -> FraiseCondition { isLike("%\(text.likeEscaped)%") }

    /// Whether the text contains another, in capital letters or small ones.
    public func containsIgnoringCase(_ text: String) -> FraiseCondition {
        isLikeIgnoringCase("%\(text.likeEscaped)%")
    }

    /// Whether the text begins with another.
    public func hasPrefix(_ text: String) -> FraiseCondition { isLike("\(text.likeEscaped)%") }

    /// Whether the text begins with another, in capital letters or small ones.
    public func hasPrefixIgnoringCase(_ text: String) -> FraiseCondition { isLikeIgnoringCase("\(text.likeEscaped)%") }

    /// Whether the text ends with another.
    public func hasSuffix(_ text: String) -> FraiseCondition { isLike("%\(text.likeEscaped)") }

    /// Whether the text ends with another, in capital letters or small ones.
    public func hasSuffixIgnoringCase(_ text: String) -> FraiseCondition { isLikeIgnoringCase("%\(text.likeEscaped)") }

    /// Whether the text fits a pattern: `%` stands for any characters, `_` for one, a backslash takes the next as it is.
    public func isLike(_ pattern: String) -> FraiseCondition {
        FraiseCondition { "\(text($0)) LIKE \(pattern)" }
    }

    /// Whether the text fits a pattern, in capital letters or small ones.
    public func isLikeIgnoringCase(_ pattern: String) -> FraiseCondition {
        FraiseCondition { "\(text($0)) ILIKE \(pattern)" }
    }

    /// Whether the words of the text fit a search by plain words (`plainto_tsquery`).
    ///
    /// - Parameters:
    ///   - words: what is searched for.
    ///   - language: the name of a text search configuration.
    public func matches(_ words: String, language: String = "english") -> FraiseCondition {
        search("plainto_tsquery", words, language)
    }

    /// The same in the database's own text search configuration.
    public func matchesPlain(_ words: String) -> FraiseCondition {
        FraiseCondition { "\(vector($0, language: nil)) @@ plainto_tsquery(\(words)::text)" }
    }

    /// Whether the words follow each other in the text (`phraseto_tsquery`).
    public func matchesPhrase(_ words: String, language: String = "english") -> FraiseCondition {
        search("phraseto_tsquery", words, language)
    }

    /// Whether the text fits a search as people write them in search engines (`websearch_to_tsquery`).
    public func matchesWebSearch(_ words: String, language: String = "english") -> FraiseCondition {
        search("websearch_to_tsquery", words, language)
    }

    private func search(_ function: StaticString, _ words: String, _ language: String) -> FraiseCondition {
        FraiseCondition { context in
            """
            \(vector(context, language: language)) @@ \
            \(unsafeSQL: "\(function)")(\(language)::text::regconfig, \(words)::text)
            """
        }
    }

    /// A column may be a `tsvector` already; text is made one.
    private func vector(_ context: FraiseContext, language: String?) -> PostgresQuery {
        if isColumn { return text(context) }
        guard let language else { return "to_tsvector(\(text(context)))" }
        return "to_tsvector(\(language)::text::regconfig, \(text(context)))"
    }
}

extension String {
    /// The text for a pattern in which it stands for itself.
    fileprivate var likeEscaped: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
