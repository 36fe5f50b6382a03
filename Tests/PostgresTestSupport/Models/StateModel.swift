/// A state machine together with everything that acts on it, as one value: it knows which events may come next, and
/// checks its books after each of them.
package protocol StateModel {
    /// What may happen.
    associatedtype Event: Hashable & Sendable

    /// What may happen next.
    var events: [Event] { get }

    /// Has an event happen that is one of `events`.
    ///
    /// - Returns: what is wrong afterwards; nil where all is well.
    mutating func apply(_ event: Event) -> String?

    /// Has everything that is under way come to its end, and nothing new begin.
    ///
    /// - Returns: what is wrong then; nil where all is well.
    mutating func settle() -> String?

    /// How often an event is taken on random ways, compared with others; 1 by default. What ends everything is better
    /// seldom, so that most ways are long.
    func weight(of event: Event) -> Double
}

extension StateModel {
    /// Has nothing to bring to an end.
    package mutating func settle() -> String? { nil }

    /// Takes all events equally often.
    package func weight(of event: Event) -> Double { 1 }
}
