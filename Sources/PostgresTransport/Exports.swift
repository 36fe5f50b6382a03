// Whatever imports the transport has the lock as well.
@_exported public import PostgresLocking
