import Foundation

/// One line on standard error: what runs, and how long the rest will take.
struct Progress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    /// The guessed seconds of everything, and of what is done.
    private let guessTotal: Double
    private var guessDone = 0.0

    init(guessTotal: Double) { self.guessTotal = guessTotal }

    /// Shows what runs now.
    func show(_ text: String) {
        let line = "bench: \(remaining)\(text)"
        write(isTerminal ? "\r\u{1B}[K\(String(line.prefix(118)))" : "\(line)\n")
    }

    /// Something that was guessed to take so long is done.
    mutating func finish(guess: Double) { guessDone += guess }

    /// Leaves the line, so that something else can be printed.
    func clear() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    /// The time left, once enough is done to say.
    private var remaining: String {
        guard guessDone > 0.02 * guessTotal, guessDone < guessTotal else { return "" }
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let seconds = Int(elapsed / guessDone * (guessTotal - guessDone))
        return seconds < 90 ? "\(seconds) s left: " : "\(seconds / 60 + 1) min left: "
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
