"""Writes the package that holds every documented snippet; for scripts/snippets."""

import re
import textwrap

from collect import HERE, MODULES, ROOT, code, effects, needs, variables

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "DocumentedSnippets",
    dependencies: [.package(name: "postgres-streaming", path: "{root}")],
    targets: [
        .executableTarget(
            name: "DocumentedSnippets",
            dependencies: [{products}],
            swiftSettings: [
                .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ])
    ])
"""


def used(text):
    """Uses what the snippet declares and leaves alone, so that no warning says so."""
    names = re.findall(r"^(?:let|var) (\w+)\b", text, re.M)
    return text + "".join(f"\n_ = {name}" for name in names)


def function(name, effects, parameters, body):
    head = ", ".join(f"{label}: {kind}" for label, kind in parameters)
    return f"static func {name}({head}) async{effects} {{\n{textwrap.indent(body, '    ')}\n}}"


def reachable(text):
    """The snippet with a server that is there in the place of the one that it names."""
    return re.sub(r'"postgres://[^"]*"', "url", text)


def lets_errors_out(text):
    """Whether something may be thrown that the text does not catch."""
    handled = re.sub(r"^do\b((?!\bthrow ).)*?^\}$", "", text, flags=re.M | re.S)
    return re.search(r"\btry\b", handled) is not None


def aliases(snippet, snippets):
    """Names for the types that other snippets of the same page declare."""
    for other in snippets:
        if other.path == snippet.path and other is not snippet and other.is_declaration:
            for name in re.findall(r"^(?:struct|enum|actor|final class) (\w+)", other.text, re.M):
                if re.search(rf"\b{name}\b", code(snippet.text)):
                    yield f"typealias {name} = {other.name}.{name}"


def source(snippet, snippets):
    """The snippet in a function that throws anything, one that throws `PostgresError`, and one that does not throw."""
    known = variables()
    text = snippet.text
    names = [name for name in known if needs(snippet, name)]
    call = snippet.rule[1] if snippet.rule and snippet.rule[0] == "call" else None
    parts = list(aliases(snippet, snippets))
    if snippet.is_declaration:
        # In a namespace of its own, so that names do not meet.
        text = re.sub(r"^((?:nonisolated\(nonsending\) )?)func ", r"\1static func ", text, flags=re.M)
        parts.append(text.replace("@main\n", ""))
        names = [name for name in known if call and re.search(rf"(?<![\w.]){name}\b(?!:)", call)]
        body = call
    else:
        body = used(text)
    if body is not None:
        parameters = [(name, known[name]) for name in names]
        here = reachable(body)
        running = parameters + ([("url", "String")] if here != body and "url" not in names else [])
        parts.append(function("throwing", " throws", running, here))
        if snippet.may_be_typed:
            parts.append(function("typed", " throws(PostgresError)", parameters, body))
        caught = f"do {{\n{textwrap.indent(body, '    ')}\n}} catch {{\n    print(error)\n}}"
        parts.append(function("silent", "", parameters, caught if lets_errors_out(body) else body))
        values = ", ".join(f"{name}: {effects(name)}here.{name}" for name, _ in running)
        parts.append(f"static func run(_ here: Surroundings) async throws {{\n    try await throwing({values})\n}}")
    imports = "".join(f"import {module}\n" for module in ["Foundation", *MODULES])
    inner = textwrap.indent("\n\n".join(parts), "    ")
    return f"// {snippet.place}\n\n{imports}\nenum {snippet.name} {{\n{inner}\n}}\n", body is not None


def write(folder, snippets):
    """Writes the package; files that stay the same are left alone, so that they are not built again."""
    products = ", ".join(f'.product(name: "{m}", package: "postgres-streaming")' for m in MODULES)
    files = {"Package.swift": MANIFEST.format(root=ROOT, products=products)}
    entries = []
    for snippet in snippets:
        text, runs = source(snippet, snippets)
        files[f"Sources/DocumentedSnippets/{snippet.name}.swift"] = text
        if runs:
            expected = "false" if snippet.rule and snippet.rule[0] == "not run" else "true"
            entries.append(f'    Entry("{snippet.place}", {expected}, {snippet.name}.run),')
    listing = "let entries: [Entry] = [\n" + "\n".join(entries) + "\n]\n"
    files["Sources/DocumentedSnippets/Entries.swift"] = listing
    for name in ["Surroundings.swift", "Runner.swift"]:
        files[f"Sources/DocumentedSnippets/{name}"] = (HERE / name).read_text()
    for path in folder.glob("Sources/**/*.swift"):
        if str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return len(entries)
