import PostgresTransport
import PostgresWire

/// Joins the transport's primitives to what the wire's authentication asks for.
extension OpenSSLCryptography: Cryptography {}
