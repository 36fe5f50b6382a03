extension Int {
    /// The number with a comma between groups of three digits.
    var grouped: String {
        var text = ""
        for (index, digit) in String(magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + String(text.reversed())
    }

    /// A number of bytes in millions of them.
    var megabytes: String { "\((Double(self) / 1e6).fixed(1)) MB" }
}

extension Double {
    /// The number with so many digits behind the point; it has to be small enough for an Int with them.
    func fixed(_ digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((self * Double(scale)).rounded())
        return "\((scaled / scale).grouped)." + String(scale + scaled % scale).dropFirst()
    }
}
