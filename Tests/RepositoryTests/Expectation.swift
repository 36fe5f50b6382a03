import Testing

/// Records every place where a rule is broken.
func expectNone(_ places: [String], _ rule: String) {
    for place in places { Issue.record("\(place)\n\(rule)") }
}
