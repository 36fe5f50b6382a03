"""asyncpg: rows by a cursor, 10,000 a fetch; it always reads binary.

client_asyncpg.py --url URL --workload NAME --sql SQL [--columns SPEC] [--operations N]
"""
import asyncio
import datetime

import measure

asyncpg = measure.required("asyncpg")
FETCH_ROWS = 10_000


async def stream(options):
    connection = await asyncpg.connect(options.url)
    measurement = measure.Measurement(options.columns)
    async with connection.transaction():
        statement = await connection.prepare(options.sql)
        cursor = await statement.cursor()
        while chunk := await cursor.fetch(FETCH_ROWS):
            if not measurement.rows:
                measurement.describe([column.type.oid for column in statement.get_attributes()])
            measurement.add(chunk)
    measurement.stop()
    await connection.close()
    return measurement


async def round_trips(options):
    connection = await asyncpg.connect(options.url)
    statement = await connection.prepare(options.sql or "SELECT $1::int4")
    measurement = measure.Measurement()
    for number in range(options.operations):
        with measurement.operation():
            value = await statement.fetchval(number)
        measurement.sum += value
        measurement.bytes += 4
    measurement.stop()
    await connection.close()
    return measurement


async def copy_in(options):
    connection = await asyncpg.connect(options.url)
    await connection.execute(
        "CREATE TEMPORARY TABLE loaded (id int8, name text, score float8, flag bool, made timestamptz)")
    made = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
    rows = ((n, "a name of some length", n / 2, n % 2 == 0, made) for n in range(options.operations))
    measurement = measure.Measurement()
    tag = await connection.copy_records_to_table("loaded", records=rows)
    measurement.rows = int(tag.split()[1])
    measurement.stop()
    await connection.close()
    return measurement


async def connects(options):
    measurement = measure.Measurement()
    for _ in range(options.operations):
        with measurement.operation():
            connection = await asyncpg.connect(options.url)
            await connection.close()
    measurement.stop()
    return measurement


if __name__ == "__main__":
    options = measure.options()
    workloads = {"roundtrip": round_trips, "connect": connects, "copy-in": copy_in}
    asyncio.run(workloads.get(options.workload, stream)(options)).print()
