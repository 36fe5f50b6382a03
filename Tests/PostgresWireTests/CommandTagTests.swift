import PostgresWire
import Testing

@Suite struct CommandTagTests {
    @Test(
        arguments: [
            ("SELECT 5", 5), ("INSERT 0 5", 5), ("COPY 7", 7), ("MERGE 0", 0), ("FETCH 9223372036854775807", .max),
        ] as [(String, Int)])
    func `the rows are the number at the end`(text: String, rows: Int) {
        #expect(CommandTag(text).rows == rows)
    }

    @Test(arguments: ["BEGIN", "CREATE TABLE", "", "5", "SELECT ", "SELECT +5", "SELECT -5", "SELECT 5x", "SELECT ５"])
    func `a tag without a number has no rows`(text: String) {
        #expect(CommandTag(text).rows == nil)
    }

    @Test func `a number that overflows is no number`() {
        #expect(CommandTag("SELECT 9223372036854775808").rows == nil)
        #expect(CommandTag("SELECT 99999999999999999999999999").rows == nil)
    }
}
