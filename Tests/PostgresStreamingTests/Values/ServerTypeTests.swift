import PostgresStreaming
import Testing

/// Values that are sent as a type that the server named, not the one they would be declared with.
@Suite struct ServerTypeTests {
    @Test func `integers are sent at the width that the server named`() throws {
        #expect(try encode(5, as: .int4).bytes == [0, 0, 0, 5])
        #expect(try encode(5, as: .int2).bytes == [0, 5])
        #expect(try encode(Int16(-1), as: .int8).bytes == [UInt8](repeating: 255, count: 8))
        #expect(try encode(5, as: .oid).bytes == [0, 0, 0, 5])
        #expect(try encode(5, as: .float8).bytes == encode(5.0).bytes)
        #expect(try encode(5, as: .unspecified).bytes == encode(5).bytes)
    }

    @Test(arguments: [PostgresType.int2, .int4, .oid, .xid8])
    func `an integer that the type does not hold is refused`(type: PostgresType) {
        let error = failure { () throws(PostgresError) in try encode(-5_000_000_000, as: type) }
        #expect(error?.code == .parameterInvalid)
        #expect(error?.isConnectionUsable == true)
    }

    @Test func `a number that a float does not hold is refused`() throws {
        #expect(
            failure { () throws(PostgresError) in try encode(9_007_199_254_740_993, as: .float8) }?.code
                == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode(16_777_217, as: .float4) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode(0.1, as: .float4) }?.code == .parameterInvalid)
        #expect(try encode(0.5, as: .float4).bytes == encode(Float(0.5)).bytes)
        #expect(try encode(Double.nan, as: .float4).bytes == encode(Float.nan).bytes)
        #expect(try encode(Float(0.5), as: .float8).bytes == encode(0.5).bytes)
    }

    @Test func `numbers are sent to numeric and to types that users define as text`() throws {
        #expect(try encode(-7, as: .numeric) == (Array("-7".utf8), .text))
        #expect(try encode(0.1, as: .numeric) == (Array("0.1".utf8), .text))
        #expect(try encode(Double.infinity, as: .numeric) == (Array("Infinity".utf8), .text))
        #expect(try encode(5, as: PostgresType(rawValue: 20_000)) == (Array("5".utf8), .text))
        #expect(try encode(true, as: PostgresType(rawValue: 20_000)) == (Array("t".utf8), .text))
        #expect(try encode([UInt8]([1, 255]), as: PostgresType(rawValue: 20_000)) == (Array("\\x01ff".utf8), .text))
    }

    @Test func `arrays are sent with elements of the type that the server named`() throws {
        #expect(try encode([1, 2], as: .int4Array).bytes == encode([Int32(1), 2]).bytes)
        #expect(try encode([1, nil], as: .numericArray) == (Array("{1,NULL}".utf8), .text))
        #expect(try encode(["a"], as: .textArray).format == .binary)
        #expect(
            try encode(["(1,1),(0,0)", "(2,2),(0,0)"], as: .boxArray) == (
                Array("{(1,1),(0,0);(2,2),(0,0)}".utf8), .text
            ))
        #expect(try encode([7], as: PostgresType(rawValue: 20_000)) == (Array("{7}".utf8), .text))
        #expect(
            failure { () throws(PostgresError) in try encode([1, 70_000], as: .int2Array) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode([1], as: .int4) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode([true], as: .int4Array) }?.code == .parameterInvalid)
    }

    @Test func `a type that the value cannot become is refused`() {
        #expect(failure { () throws(PostgresError) in try encode(5, as: .text) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode(true, as: .int4) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode([UInt8]([1]), as: .int4) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode(0.5, as: .int4) }?.code == .parameterInvalid)
    }
}
