/// A value in memory of its own, which one task at a time touches.
///
/// Swift checks stored properties of classes when the program runs: an access may not overlap another one. Where the compiler
/// cannot see the end of every access, each costs about 90 instructions, a query took a hundred of them, and a property
/// whose value has mutating methods is always such a one. What is kept here is not checked. It is for values that
/// call nothing of their owner, such as state machines: no second access can begin before the first has ended.
@safe
@frozen
@usableFromInline
package struct Owned<Value: ~Copyable>: ~Copyable {
    @usableFromInline let pointer: UnsafeMutablePointer<Value>

    /// Moves `value` to memory of its own.
    @inlinable
    package init(_ value: consuming Value) {
        unsafe pointer = .allocate(capacity: 1)
        unsafe pointer.initialize(to: value)
    }

    deinit {
        unsafe pointer.deinitialize(count: 1)
        unsafe pointer.deallocate()
    }

    /// The value, read or changed where it lies.
    @inlinable
    package var value: Value {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(pointer) }
        @inline(__always) nonmutating unsafeMutableAddress { unsafe pointer }
    }
}
