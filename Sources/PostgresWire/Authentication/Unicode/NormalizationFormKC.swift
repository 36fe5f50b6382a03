/// Unicode Normalization Form KC (UAX #15): decomposed by compatibility, marks in their canonical order, composed.
///
/// Right for the scalars that `NormalizationTable` covers. One scalar becomes 18 at most; n scalars take n log n time.
enum NormalizationFormKC {
    private struct Element {
        let scalar: Unicode.Scalar
        /// The canonical combining class; zero is a starter, all else a mark.
        let combiningClass: UInt8

        init(_ scalar: Unicode.Scalar) {
            self.scalar = scalar
            combiningClass = scalar.properties.canonicalCombiningClass.rawValue
        }
    }

    /// Returns the scalars in this form.
    static func normalize(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var elements: [Element] = []
        for scalar in scalars { decompose(scalar, into: &elements) }
        order(&elements)
        return compose(elements)
    }

    /// Goes as deep as decompositions refer to each other, which is three steps.
    private static func decompose(_ scalar: Unicode.Scalar, into elements: inout [Element]) {
        let parts = NormalizationTable.shared.decomposition(of: scalar)
        if parts.isEmpty { elements.append(Element(scalar)) }
        for part in parts { decompose(part, into: &elements) }
    }

    /// Sorts every run of marks by their classes; those of the same class keep their order.
    private static func order(_ elements: inout [Element]) {
        var start = 0
        while start < elements.count {
            let end = elements[start...].firstIndex { $0.combiningClass == 0 } ?? elements.count
            let sorted = elements[start..<end].enumerated()
                .sorted { ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset) }
            for (place, mark) in sorted.enumerated() { elements[start + place] = mark.element }
            start = end + 1
        }
    }

    /// Merges a scalar into the last starter where the two have a composite and nothing between them blocks it: another
    /// starter, or a mark whose class is not lower.
    private static func compose(_ elements: [Element]) -> [Unicode.Scalar] {
        var composed: [Unicode.Scalar] = []
        var starter: Int?
        var classBefore: UInt8?
        for element in elements {
            let isBlocked = classBefore.map { $0 >= element.combiningClass } ?? false
            if let starter, !isBlocked,
                let composite = NormalizationTable.shared.composite(of: composed[starter], and: element.scalar)
            {
                composed[starter] = composite
                continue
            }
            if element.combiningClass == 0 { starter = composed.count }
            classBefore = element.combiningClass == 0 ? nil : element.combiningClass
            composed.append(element.scalar)
        }
        return composed
    }
}
