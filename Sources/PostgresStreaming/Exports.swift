// Users import one module: what knows no connection is handed on by the one that does.
@_exported public import PostgresValues
