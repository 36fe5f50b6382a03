/// Whether the tests were compiled for a sanitizer (`scripts/sanitize`), under which everything takes several times as long
/// and as much memory.
package enum Sanitizer {
    #if SANITIZED
        package static let isOn = true
    #else
        package static let isOn = false
    #endif
}
