"""Finds the Swift that is documented, and says what it needs from its surroundings; for scripts/snippets."""

import pathlib
import re
import subprocess
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Not "Snippets": the package manager builds what is in a folder of that name.
HERE = ROOT / "Examples/Documented"
MODULES = ["FraiseWire", "JSONTape", "PostgresFoundation", "PostgresRegistry", "PostgresStreaming", "PostgresTesting"]
KNOWN = {*MODULES, "Foundation", "Glibc"}
# Calls whose errors are of any type: scopes throw what their closures throw, and so do tasks.
UNTYPED = re.compile(r"\bwith[A-Z]\w*\b|\bonEventLoop\b|\bexecuteMany\b|\bcopyIn\b|\bsending: |\bprepareTransaction\b|\.copy\(|\bimportDocuments\b|\.batch\b|\.value\b|JSONValue|JSONTape|\b[Rr]egistry\b|\bsnapshot\b|\bPostgresServer\b|\bstandby\b")


@dataclass
class Snippet:
    """One block of Swift."""

    path: str
    line: int
    text: str
    rule: tuple = None
    imports: list = field(default_factory=list)

    @property
    def place(self):
        return f"{self.path}:{self.line}"

    @property
    def name(self):
        return re.sub(r"\W+", "_", f"{self.path.removeprefix('Sources/').rsplit('.', 1)[0]}_{self.line}")

    @property
    def is_declaration(self):
        """Whether it stands outside of functions: types and functions, and nothing that runs."""
        words = r"(public |final |nonisolated\(nonsending\) |@\w+ )*(struct|enum|actor|final class|class|func|extension)\b"
        starts = [line for line in self.text.split("\n") if line and line[0] not in " })/"]
        return bool(starts) and all(re.match(words + "|@main$", line) for line in starts)

    @property
    def may_be_typed(self):
        return not UNTYPED.search(code(self.text))


def code(text):
    """The text without comments and without what is in strings, but with what is interpolated there."""
    out, i, stack = [], 0, []
    while i < len(text):
        quote = stack[-1] if stack else None
        if isinstance(quote, str):
            if text.startswith("\\(", i):
                stack.append(0)
                out.append(" (")
                i += 2
            elif text.startswith(quote, i):
                stack.pop()
                out.append('"')
                i += len(quote)
            else:
                i += 2 if text[i] == "\\" else 1
            continue
        if text.startswith("//", i):
            i = text.find("\n", i) if "\n" in text[i:] else len(text)
            continue
        if text[i] == '"':
            stack.append('"""' if text.startswith('"""', i) else '"')
            i += len(stack[-1])
            out.append('"')
            continue
        if stack and text[i] in "()":
            stack[-1] += 1 if text[i] == "(" else -1
            if stack[-1] < 0:
                stack.pop()
        out.append(text[i])
        i += 1
    return "".join(out)


def needs(snippet, name):
    """Whether a name is used that the snippet does not declare."""
    text = code(snippet.text)
    used = re.search(rf"(?<![\w.]){name}\b(?!:(?!:))", text)
    declared = re.search(rf"\b(let|var) {name}\b|\b{name} in\b|\((\w+, )*{name}(, \w+)*\) in\b", text)
    return bool(used) and not declared


def blocks(path, text):
    """The blocks of Swift of a page, or of the comments of a source."""
    lines = text.split("\n")
    if path.endswith(".swift"):
        lines = [re.sub(r"^ */// ?", "", line) if re.match(" *///", line) else None for line in lines]
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and line == "```swift":
            start = number
        elif start is not None and (line is None or line.startswith("```")):
            body = lines[start:number - 1]
            imports = [line for line in body if line.startswith("import ")]
            rest = "\n".join(line for line in body if not line.startswith("import ")).strip("\n")
            yield Snippet(path, start, rest, imports=[line.split()[1] for line in imports])
            start = None


def rules():
    """What is committed of single snippets: where, a part of their text, what is said of them."""
    for line in (HERE / "rules.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            path, part, kind, rest = (column.strip() for column in line.split(" | ", 3))
            yield path, part, kind, rest


def variables():
    """The names that snippets may assume, and their types."""
    text = (HERE / "Surroundings.swift").read_text()
    return dict(re.findall(r"^    (?:var|let) (\w+): ([^={\n]+?)(?: [={].*)?$", text, re.M))


def effects(name):
    """What it takes to read a variable of the surroundings."""
    line = re.search(rf"^    var {name}: .*", (HERE / "Surroundings.swift").read_text(), re.M)
    return {"get throws": "try ", "get async throws": "try await "}.get(
        " ".join(re.findall(r"\bget\b|\basync\b|\bthrows\b", line[0] if line else "")), "")


def collect():
    """All snippets, each with the rule that is about it; and what is wrong with the rules and the surroundings."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "Sources/*.swift"],
        cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    paths = [path for path in sorted(set(tracked)) if path and not path.startswith("Benchmarks/Results")]
    snippets = [s for path in paths if (ROOT / path).exists() for s in blocks(path, (ROOT / path).read_text())]
    complaints = []
    for path, part, kind, rest in rules():
        found = [s for s in snippets if s.path == path and part in s.text + " ".join(s.imports)]
        if kind not in ("call", "not run", "not compiled") or len(found) != 1:
            complaints.append(f"rules.txt: {len(found)} snippets of {path} have \"{part}\", where one is meant ({kind})")
        for snippet in found:
            snippet.rule = (kind, rest)
    for snippet in snippets:
        foreign = [module for module in snippet.imports if module not in KNOWN]
        kind = snippet.rule[0] if snippet.rule else None
        if foreign and kind != "not compiled":
            complaints.append(f"{snippet.place}: imports {foreign[0]}, which is not here; rules.txt has to say why")
        if kind == "not compiled" and not foreign:
            complaints.append(f"{snippet.place}: can be compiled; take it out of rules.txt")
        if kind == "call" and not snippet.is_declaration:
            complaints.append(f"{snippet.place}: runs by itself; take it out of rules.txt")
    compiled = [s for s in snippets if not s.rule or s.rule[0] != "not compiled"]
    for name in variables():
        if name != "url" and not any(needs(s, name) or s.rule and name in s.rule[1] for s in compiled):
            complaints.append(f"Surroundings.swift: no snippet needs {name}")
    return compiled, complaints
