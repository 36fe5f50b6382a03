import PostgresStreaming

extension StreamModel {
    /// What holds after every event.
    func check() -> String? {
        checkEnd() ?? checkAnswers() ?? checkPauses() ?? checkHold() ?? books.problem(of: machine.ledger)
    }

    private func checkEnd() -> String? {
        if books.ends != (seenEnd == nil ? 0 : 1) { return "a stream ended \(books.ends) times" }
        if let seenEnd, machine.phase != .ended(seenEnd) { return "the end is told as \(machine.phase)" }
        if machine.hasEnded != (seenEnd != nil) { return "a stream that goes on is at its end" }
        if seenEnd != nil, machine.isPaused { return "a stream is paused at its end" }
        if machine.isFetching != (reader != .idle) { return "a fetch is told of as \(machine.phase)" }
        let due = isLeft ? leavingsDue - 1 : leavingsDue
        if leavings != due || leavings > 1 { return "the query was left \(leavings) times, and should be \(due) times" }
        return nil
    }

    /// Asks a copy of the machine what may come at any time.
    private func checkAnswers() -> String? {
        var copy = machine
        let request = copy.requested(at: time)
        let isRight =
            switch request {
            case .fetch: seenEnd == nil && reader == .idle
            case .busy: seenEnd == nil && reader != .idle
            case .atEnd: seenEnd != nil && !isOvertaken
            case .overtaken: isOvertaken
            case .cutOff: false
            }
        if !isRight { return "a request is answered by \(request)" }
        copy = machine
        if seenEnd == nil, reader == .idle, copy.requested(isCutOff: true, at: time) != .cutOff || copy.isFetching {
            return "a fetch begins for what was cut off"
        }
        if copy.gathers() != (books.chunks > 0) { return "bytes gather at the wrong time" }
        let isAskedFor = reader != .idle && reader != .dropping
        if (copy.delivered(StreamChunk(rows: 1, bytes: 1, rowLimit: 1), at: time) != nil) != isAskedFor {
            return isAskedFor ? "nothing is handed out" : "rows are handed out that were not asked for"
        }
        guard seenEnd != nil else { return nil }
        // What comes later, such as the end of a clean-up, changes nothing.
        if copy.end(.failed, now: now, at: time) || copy.leave(now: now, at: time) || copy.dropRest()
            || copy.overtaken(now: now, at: time) || copy.fetchReturned(now: now, at: time) || copy.hasEffects
        {
            return "a stream ended twice"
        }
        return nil
    }

    private func checkPauses() -> String? {
        // What time alone has ended is settled by a look.
        var (looked, expected) = (machine, self)
        let state = looked.state(now: now)
        expected.expirePause()
        if state != seenEnd ?? (expected.pausedSince == nil ? .running : .paused(reason: nil)) {
            return "the state is told as \(state)"
        }
        if looked.pausedTime != expected.pausedTime {
            return "\(looked.pausedTime) paused, \(expected.pausedTime) it was"
        }
        if machine.pausedTime != books.pausedTime { return "\(books.pausedTime) paused, as the observer was told" }
        guard case .waitingForPause(let deadline) = reader, !isSignalled else { return nil }
        if expected.pausedSince == nil, deadline == nil { return "the reader waits although it could go on" }
        return deadline == pauseDeadline || pausedSince == nil ? nil : "the reader waits for another deadline"
    }

    private func checkHold() -> String? {
        let hold: StreamStateMachine.Hold? =
            switch reader {
            case .waitingForPause: .paused
            case .waitingForMemory: .throttled
            case .idle, .reading, .dropping: nil
            }
        return machine.hold == hold ? nil : "the fetch is held by \(String(describing: machine.hold))"
    }
}
