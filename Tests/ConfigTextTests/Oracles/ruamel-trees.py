"""Prints what ruamel.yaml makes of each document of a file, in the way of libyaml.c, but without the places.

The first argument is the folder that has the library.
"""
import io
import sys

sys.path.insert(0, sys.argv[1])
from ruamel.yaml import YAML  # noqa: E402
from ruamel.yaml.nodes import MappingNode, ScalarNode  # noqa: E402

DEPTH_MAX = 100


def quoted(string):
    units = string.encode("utf-16-be", "surrogatepass")
    codes = (units[index] << 8 | units[index + 1] for index in range(0, len(units), 2))
    return '"' + "".join(character(code) for code in codes) + '"'


def character(code):
    if code in (0x22, 0x5C):
        return "\\" + chr(code)
    return chr(code) if 0x20 <= code < 0x7F else f"\\u{code:04x}"


def text(node, depth=0):
    if depth > DEPTH_MAX:
        raise ValueError("too deep")
    if isinstance(node, ScalarNode):
        return quoted(node.value)
    if isinstance(node, MappingNode):
        pairs = (f"{text(key, depth + 1)}:{text(value, depth + 1)}" for key, value in node.value)
        return "{" + ",".join(pairs) + "}"
    return "[" + ",".join(text(item, depth + 1) for item in node.value) + "]"


def line(document):
    try:
        nodes = list(YAML(typ="safe", pure=True).compose_all(io.BytesIO(document)))
        return "!several documents" if len(nodes) > 1 else text(nodes[0]) if nodes and nodes[0] else '""'
    except Exception as error:
        return "!" + " ".join(str(error).split())


with open(sys.argv[2], "rb") as source, open(sys.argv[3], "w") as output:
    while length := source.readline():
        print(line(source.read(int(length))), file=output)
