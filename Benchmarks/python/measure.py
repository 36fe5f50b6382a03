"""What the clients in Python share: options, clocks, checksum and the line that they print."""
import argparse
import ctypes
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from operator import itemgetter

JSONB = 3802
INTEGERS = (20, 21, 23)
FLOAT8 = 701
NUMERIC = 1700
# The bytes of a value in the binary format, by the object ID of its type; a str or bytes has its own length. That of a
# numeric would be dear to know: bytes is -1 where there is one, and its column must be x.
WIDTHS = {16: 1, 20: 8, 21: 2, 23: 4, 701: 8, 1082: 4, 1114: 8, 1184: 8, 2950: 16}


def options():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--url", "--workload"):
        parser.add_argument(name, required=True)
    for name in ("--sql", "--columns"):
        parser.add_argument(name)
    parser.add_argument("--operations", type=int, default=1000)
    return parser.parse_args()


def required(module):
    """Imports a module, or ends the program with the status that means: not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        print(f"{sys.argv[0]}: {module} is not installed ({error})", file=sys.stderr)
        sys.exit(3)


def length(value):
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    return len(value)


class Measurement:
    def __init__(self, kinds=None):
        self.rows = self.bytes = self.sum = self.first = 0
        self.kinds, self.latencies, self.types, self.numeric = kinds, [], None, False
        try:
            self.allocations = ctypes.CDLL(None).countmalloc_total
            self.allocations.restype = ctypes.c_uint64
        except AttributeError:
            self.allocations = lambda: -1
        self.allocated, self.cpu, self.wall = self.allocations(), time.process_time_ns(), time.monotonic_ns()

    def describe(self, types):
        """Takes the object IDs of the columns' types; the first row is there."""
        self.first, self.types = time.monotonic_ns() - self.wall, types
        self.kinds = self.kinds or "".join(
            "i" if type in INTEGERS else "f" if type == FLOAT8 else "b" for type in types)

    def add(self, rows):
        """Adds some rows, column by column, which costs the interpreter a quarter of a loop over the values."""
        self.rows += len(rows)
        for index, (kind, type) in enumerate(zip(self.kinds, self.types, strict=True)):
            column = itemgetter(index)
            try:
                self.add_column(kind, type, lambda: map(column, rows), len(rows))
            except TypeError:
                # None is no number and has no length.
                present = [row[index] for row in rows if row[index] is not None]
                self.add_column(kind, type, lambda: present, len(present))

    def add_column(self, kind, type, values, count):
        if type == NUMERIC:
            if kind == "b":
                sys.exit("the length of a numeric is not known: its column must be x")
            self.numeric = True
            return
        total = sum(values()) if kind == "i" else sum(map(int, values())) if kind == "f" else 0
        if type not in WIDTHS:
            # jsonb has its version in front, which both libraries take away.
            size = sum(map(length, values())) + (type == JSONB) * count
        else:
            nulls = 0 if kind in "if" else sum(value is None for value in values())
            size = WIDTHS[type] * (count - nulls)
        self.bytes += size
        self.sum += size if kind == "b" else total

    @contextmanager
    def operation(self):
        """Takes the latency of one operation."""
        start = time.monotonic_ns()
        yield
        self.latencies.append(time.monotonic_ns() - start)
        self.rows += 1

    def stop(self):
        self.wall = time.monotonic_ns() - self.wall
        self.cpu = time.process_time_ns() - self.cpu
        if self.allocated >= 0:
            self.allocated = self.allocations() - self.allocated

    def print(self):
        first = self.latencies[0] if self.latencies else self.first
        # The same wrapping as that of an Int64.
        total = (self.sum + 2**63) % 2**64 - 2**63
        with open("/proc/self/status") as status:
            resident = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        size = -1 if self.numeric else self.bytes
        line = (f"rows={self.rows} bytes={size} sum={total} cpu_ns={self.cpu} wall_ns={self.wall} "
                f"rss_kib={resident} first_ns={first} allocs={self.allocated}")
        if self.latencies:
            ordered = sorted(self.latencies)
            count = len(ordered)
            line += f" p50_ns={ordered[count // 2]} p99_ns={ordered[count * 99 // 100]}"
        print(line)
