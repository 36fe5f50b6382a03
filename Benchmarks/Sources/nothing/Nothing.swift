import ProcessUsage

/// Prints its peak resident memory and ends: the base line of every memory figure.
@main struct Nothing {
    static func main() async {
        print("rows=0 bytes=0 sum=0 \(ProcessUsage.now.fields())")
    }
}
