/// The main figure of a workload's comparisons as bars, in SVG.
///
/// The colours are such that both a white and a black page show them. Bars that would make all others invisible are cut
/// and drawn with a gap; the number beside them is the true one.
struct BarChart {
    let title: String
    let results: [ComparisonResult]

    private struct Bar {
        let name: String
        let value: Double?
        let colour: String
    }

    private static let (width, left, right, row, bar) = (760, 230, 90, 20, 13)
    /// The longest bar is at most so many times the yardstick's.
    private static let yardsticksMax = 2.0
    private static let text = "#808080"

    var svg: String {
        var body = ""
        var y = 30
        for result in results {
            y += 26
            body += label(result.comparison.chartHeading, x: 8, y: y, weight: "bold")
            let bars = bars(result)
            let scale = scale(result, bars)
            for bar in bars {
                y += Self.row
                body += draw(bar, y: y, scale: scale)
            }
            y += 10
        }
        let font = "font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"12\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(y + 10)" \(font) role="img">
            <title>\(escaped(title))</title>
            \(label(title, x: 8, y: 18, weight: "bold", size: 15))\(body)</svg>

            """
    }

    private func bars(_ result: ComparisonResult) -> [Bar] {
        result.comparison.clients.filter { $0 != .nothing }.map { client in
            Bar(
                name: client.name, value: result.figures(of: client)?.median(result.comparison.kind.mainFigure),
                colour: client.role == .own ? "#2f81f7" : client.role == .yardstick ? "#d9822b" : "#9a9a9a")
        }
    }

    /// The value at the right end.
    private func scale(_ result: ComparisonResult, _ bars: [Bar]) -> Double {
        let most = bars.compactMap(\.value).max() ?? 1
        let yardstick = result.comparison.clients.first { $0.role == .yardstick }
        let own =
            zip(result.comparison.clients.filter { $0 != .nothing }, bars)
            .filter { $0.0.role == .own }.compactMap { $0.1.value }.max() ?? 0
        guard let base = yardstick.flatMap({ result.figures(of: $0)?.median(result.comparison.kind.mainFigure) }) else {
            return max(most, 1e-9)
        }
        return max(min(most, max(base * Self.yardsticksMax, own)), 1e-9)
    }

    private func draw(_ bar: Bar, y: Int, scale: Double) -> String {
        let name = label(bar.name, x: Self.left - 8, y: y, anchor: "end")
        guard let value = bar.value else { return name + label("no figure", x: Self.left, y: y) }
        let space = Double(Self.width - Self.left - Self.right)
        let length = Int((min(value / scale, 1) * space).rounded())
        let top = y - Self.bar + 3
        var drawn = rectangle(x: Self.left, y: top, width: max(length, 1), bar.colour)
        if value > scale {
            drawn = rectangle(x: Self.left, y: top, width: length - 24, bar.colour)
            drawn += rectangle(x: Self.left + length - 18, y: top, width: 18, bar.colour)
        }
        return name + drawn + label(value.rounded(1), x: Self.left + length + 6, y: y)
    }

    private func rectangle(x: Int, y: Int, width: Int, _ colour: String) -> String {
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(Self.bar)\" fill=\"\(colour)\"/>\n"
    }

    private func label(
        _ text: String, x: Int, y: Int, anchor: String = "start", weight: String = "normal", size: Int = 12
    ) -> String {
        "<text x=\"\(x)\" y=\"\(y)\" fill=\"\(Self.text)\" text-anchor=\"\(anchor)\" font-weight=\"\(weight)\" "
            + "font-size=\"\(size)\">\(escaped(text))</text>\n"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

extension Comparison {
    /// What the bars show, and of what.
    fileprivate var chartHeading: String {
        let pinning = pinning == .none ? "" : ", \(pinning.rawValue)"
        return "\(title): \(kind.mainFigure.name), \(kind.mainFigure.unit), \(source.rawValue)\(pinning)"
    }
}
