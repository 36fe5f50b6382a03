import Glibc

/// A line that is written over itself on a terminal; elsewhere, such as in a file, a plain line every second.
struct ProgressLine: ~Copyable {
    private static let startOfLineAndErase = "\r\u{1B}[K"

    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var isLineOpen = false
    private var shown = ContinuousClock.now

    /// Shows the text if it is time again.
    mutating func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard now - shown >= (isTerminal ? .milliseconds(100) : .seconds(1)) else { return }
        shown = now
        isLineOpen = isTerminal
        write(text(), terminator: isTerminal ? "" : "\n")
    }

    /// Shows the last text for good.
    mutating func end(_ text: String) {
        isLineOpen = false
        write(text, terminator: "\n")
    }

    /// Left in the middle, by an error or an interrupt: what comes next begins on a line of its own.
    deinit {
        if isLineOpen { print() }
    }

    private func write(_ text: String, terminator: String) {
        print((isTerminal ? Self.startOfLineAndErase : "") + text, terminator: terminator)
        // Text without a line's end, and all text in a pipe, would wait in the buffer.
        fflush(nil)
    }
}
