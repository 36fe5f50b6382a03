extension PostgresConnection: PostgresQuerying {}
