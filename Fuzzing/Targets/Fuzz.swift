import CLibFuzzer
import Glibc

/// libFuzzer with the target that the environment names; the arguments are libFuzzer's own.
@main struct Fuzz {
    static func main() {
        if let folder = environment("FUZZ_SEEDS") { FuzzTarget.chosen.writeSeeds(into: folder) }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
        exit(
            unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
                // A copy of the input's own length, so that the sanitizer sees a read behind it.
                unsafe FuzzTarget.chosen.run([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            })
    }
}
