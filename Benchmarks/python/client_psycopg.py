"""psycopg 3: rows by stream(), in binary, in chunks of 1000 where its libpq can.

client_psycopg.py --url URL --workload NAME --sql SQL [--columns SPEC] [--operations N]
"""
from itertools import islice

import measure

psycopg = measure.required("psycopg")
Int4 = measure.required("psycopg.types.numeric").Int4
CHUNK_ROWS = 1000
# Rows that are added at a time: as quick as a whole chunk, and holds less.
BATCH_ROWS = 100


def stream(options):
    # A jsonb column is taken as it comes; without this it would be parsed.
    psycopg.types.json.set_json_loads(bytes)
    connection = psycopg.connect(options.url, autocommit=True)
    cursor = connection.cursor(binary=True)
    chunked = {"size": CHUNK_ROWS} if psycopg.pq.version() >= 170000 else {}
    measurement = measure.Measurement(options.columns)
    rows = cursor.stream(options.sql, binary=True, **chunked)
    while batch := list(islice(rows, BATCH_ROWS if measurement.rows else 1)):
        if not measurement.rows:
            measurement.describe([column.type_code for column in cursor.description])
        measurement.add(batch)
    measurement.stop()
    connection.close()
    return measurement


def round_trips(options):
    connection = psycopg.connect(options.url, autocommit=True)
    connection.prepare_threshold = 0
    cursor = connection.cursor(binary=True)
    # psycopg writes its parameters as %b.
    sql = (options.sql or "SELECT $1::int4").replace("$1", "%b")
    cursor.execute(sql, (Int4(0),)).fetchone()
    measurement = measure.Measurement()
    for number in range(options.operations):
        with measurement.operation():
            (value,) = cursor.execute(sql, (Int4(number),)).fetchone()
        measurement.sum += value
        measurement.bytes += 4
    measurement.stop()
    connection.close()
    return measurement


def connects(options):
    measurement = measure.Measurement()
    for _ in range(options.operations):
        with measurement.operation():
            psycopg.connect(options.url).close()
    measurement.stop()
    return measurement


def load(options):
    connection = psycopg.connect(options.url)
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE loaded (id int8, name text, score float8, flag bool, made timestamptz)")
    connection.commit()
    rows = ((n, f"name of {n}", n / 2, n % 2 == 0, "infinity") for n in range(options.operations))
    measurement = measure.Measurement()
    cursor.executemany("INSERT INTO loaded VALUES (%s, %s, %s, %s, %s)", rows)
    connection.commit()
    measurement.rows = measurement.sum = options.operations
    measurement.stop()
    connection.close()
    return measurement


if __name__ == "__main__":
    options = measure.options()
    workloads = {"roundtrip": round_trips, "connect": connects, "load": load}
    workloads.get(options.workload, stream)(options).print()
