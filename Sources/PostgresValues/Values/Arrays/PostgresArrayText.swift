import PostgresWire

/// An array's text form, taken apart (manual: "Array Input and Output Syntax").
struct PostgresArrayText {
    /// One length and its bytes after the other, −1 for NULL, as the binary form has them.
    private(set) var cells: [UInt8] = []
    private(set) var shape = PostgresArrayShape()

    private let delimiter: UInt8
    private var counts: [Int32] = []
    private var lowerBounds: [Int32] = []

    /// Takes a text apart; nil where it is no array. Takes time in proportion to its length.
    init?(_ text: RawSpan, of type: PostgresType) {
        delimiter = UInt8(ascii: type == .boxArray ? ";" : ",")
        var reader = TextReader(text)
        if type == .int2vector || type == .oidvector {
            guard readVector(&reader) else { return nil }
        } else {
            guard readBounds(&reader), readArray(&reader) else { return nil }
        }
        // Every element stands in the text with at least one byte and in `cells` with four.
        guard reader.isAtEnd, shape.isWithin(cells.count) else { return nil }
    }

    /// Reads the numbers of an `int2vector` or `oidvector`, which stand with a space between them.
    private mutating func readVector(_ reader: inout TextReader) -> Bool {
        var count: Int32 = 0
        while !reader.isAtEnd {
            if count > 0 { guard reader.skip(" ") else { return false } }
            append(reader.bytes { $0 != UInt8(ascii: " ") })
            count += 1
        }
        if count > 0 { shape.append(count: count, lowerBound: 0) }
        return true
    }

    /// Reads the bounds before an array whose lower bounds are not all 1, such as `[0:1][2:3]=`.
    private mutating func readBounds(_ reader: inout TextReader) -> Bool {
        guard reader.next == UInt8(ascii: "[") else { return true }
        while reader.skip("[") {
            guard lowerBounds.count < PostgresArrayElements.dimensionsMax,
                let lower = reader.integer(Int32.self), reader.skip(":"), let upper = reader.integer(Int32.self),
                reader.skip("]"), let count = Int32(exactly: Int(upper) - Int(lower) + 1), count > 0
            else { return false }
            lowerBounds.append(lower)
            counts.append(count)
        }
        return reader.skip("=")
    }

    /// Reads braces within braces; the first way down to an element says how deep the array is.
    private mutating func readArray(_ reader: inout TextReader) -> Bool {
        let announced = counts
        counts = []
        guard reader.skip("{") else { return false }
        if reader.skip("}") { return announced.isEmpty }
        var open: [Int32] = [0]
        while reader.skip("{") { open.append(0) }
        let depth = open.count
        guard depth <= PostgresArrayElements.dimensionsMax else { return false }
        var known = [Int32?](repeating: nil, count: depth)
        while true {
            guard readElement(&reader) else { return false }
            open[depth - 1] += 1
            // Closes as many lists as end here; their counts must be those of their neighbours.
            var level = depth
            while level > 0, reader.skip("}") {
                level -= 1
                guard known[level] ?? open[level] == open[level] else { return false }
                known[level] = open[level]
                open[level] = 0
                if level > 0 { open[level - 1] += 1 }
            }
            if level == 0 { break }
            guard reader.skip(delimiter) else { return false }
            for _ in level..<depth { guard reader.skip("{") else { return false } }
        }
        counts = known.compactMap { $0 }
        guard announced.isEmpty || announced == counts else { return false }
        for (index, count) in counts.enumerated() {
            shape.append(count: count, lowerBound: announced.isEmpty ? 1 : lowerBounds[index])
        }
        return true
    }

    private mutating func readElement(_ reader: inout TextReader) -> Bool {
        if reader.next == UInt8(ascii: "\"") {
            guard let value = reader.quoted() else { return false }
            append(value)
            return true
        }
        let delimiter = delimiter
        guard let value = reader.unquoted(upTo: { $0 == delimiter || $0 == UInt8(ascii: "}") }), !value.isEmpty,
            !value.contains(UInt8(ascii: "{"))
        else { return false }
        if value.elementsEqual("NULL".utf8) {
            cells.append(bigEndian: Int32(-1))
        } else {
            append(value)
        }
        return true
    }

    private mutating func append(_ value: [UInt8]) {
        cells.append(bigEndian: Int32(truncatingIfNeeded: value.count))
        cells += value
    }
}
