# SPDX-License-Identifier: MIT
"""What docs/api.md says of each call, for generate-api and check-calls.

docs/api.csv lists the calls of the field, src/undis.map and include/km say which are there, and the
tests which of them use a call. Handlers of drivers are in docs/handlers.md.
"""
import re

import tree

TABLE = "docs/api.md"
KINDS = ("ndis-export", "ndis-macro", "ntoskrnl/wdm", "hal", "ndl-inline", "other:crt",
         "other:intrinsic")
AREAS = ("unit", "path", "lifecycle", "connection", "drivers", "rules", "hardware", "build", "host",
         "fuzz", "lib")
WORD = re.compile(r"\b[A-Za-z_]\w+\b")
HEAD = """# The calls that drivers make, and which of them are here

`scripts/generate-api` writes this list; `undis api` shows it. A call is *exported* by libundis, is
in the *header*s (a macro or an inline function), is there and *not supported* (it answers so), or is
*absent*. The tier says how much it matters: T0 and T1 are what public drivers use most. The page is
where the call is documented, the test is one that uses it.

"""


def test_words():
    """(name of the file, its words), those that say most first."""
    def rank(path):
        area = path.split("/")[1] if path.startswith("tests/") else ""
        nested = path.count("/") > 2
        return nested, AREAS.index(area) if area in AREAS else len(AREAS), path

    for path in sorted(tree.files(r"^tests/.*\.[ch]$", r"^drivers/.*\.[ch]$"), key=rank):
        yield path.removeprefix("tests/").removesuffix(".c"), set(WORD.findall(tree.read(path)))


def made_names():
    """Names of the functions that macros of the headers make: UNDIS_ORDERED(N, S, T) of what it
    defines as Read##N##Acquire##S(...), UNDIS_SAFE(Name, ...) of UNDIS_SAFE_NAME(Name)(...)."""
    text = "\n".join(tree.read(path) for path in tree.files(r"^include/km/.*\.h$"))
    names = set()
    for macro, parameters, body in re.findall(
            r"^#define (UNDIS_\w+)\(([^)]*)\)((?:.*\\\n)+.*)", text, re.M):
        made = re.findall(r"NT_INLINE[^(]*?([\w#]*##[\w#]*)\(", body)
        made += re.findall(r"UNDIS_SAFE_NAME\((\w+)\)\(", body)
        for uses in re.findall(rf"^{macro}\(([^)]*)\)", text, re.M):
            values = dict(zip(re.split(r",\s*", parameters), re.split(r",\s*", uses)))
            for name in made:
                whole = "".join(values.get(part, part) for part in name.split("##"))
                names.update((whole, "Rtl" + whole) if "##" not in name else (whole,))
    return names


def header_names():
    """Names that the headers define for drivers: macros and inline functions."""
    names = made_names()
    for path in tree.files(r"^include/km/.*\.h$"):
        text = tree.read(path)
        names.update(re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", text, re.M))
        names.update(re.findall(r"^(?:[\w\s*]*\bINLINE\b|static\b|_?_?inline\b)[^;{}()]*?(\w+)\(",
                                text, re.M | re.I))
        names.update(re.findall(r"^(\w+)\([^;{}]*\)\s*\{", text, re.M))
    return names


def crt_names():
    return {name for path in tree.files(r"^src/crt/.*\.c$", r"^include/km/crt/.*\.h$")
            for name in re.findall(r"\b(\w+)\(", tree.read(path))}


def unsupported():
    """Exported calls whose body only says that they are not supported."""
    names = set()
    for path in tree.files(r"^src/(nt|ndis|hardware)/.*\.c$"):
        for match in re.finditer(r"^([A-Za-z]\w*)\([^{};]*\)\n\{\n(.*?)^\}", tree.read(path),
                                 re.M | re.S):
            body = re.sub(r"\(void\)\w+;|UNREFERENCED_PARAMETER\(\w+\);", "", match.group(2))
            if re.fullmatch(r"\s*return (NDIS_)?STATUS_NOT_SUPPORTED;\s*", body):
                names.add(match.group(1))
    return names


def calls():
    """name -> [tier, status, page], in the order of names."""
    exported, headers, crt, refused = set(tree.export_list()), header_names(), crt_names(), \
        unsupported()
    found = {}
    for row in tree.rows("docs/api.csv"):
        name = row["name"]
        if row["kind"] not in KINDS or not re.fullmatch(r"\w+", name) or name in found:
            continue
        there = "not supported" if name in refused else \
            "exported" if name in exported else \
            "header" if name in headers or (row["kind"] in ("other:crt", "other:intrinsic")
                                            and name in crt) else "absent"
        found[name] = [row["tier"], there, row["doc"].split(" | ")[0].strip() or "-"]
    for name in exported:
        if name not in found and not name.startswith("undis_"):
            found[name] = ["-", "not supported" if name in refused else "exported", "-"]
    return dict(sorted(found.items()))


def generate():
    """The rows: name, tier, status, page, test."""
    listed, tests = calls(), {}
    for file, words in test_words():
        for name in words & listed.keys():
            tests.setdefault(name, file)
    return [[name, *row, tests.get(name, "-") if row[1] != "absent" else "-"]
            for name, row in listed.items()]


def figures(rows):
    """(what, present, of) for T0, T0 and T1, and all of the list."""
    for what, tiers in (("T0", {"T0"}), ("T0+T1", {"T0", "T1"}), ("all", None)):
        some = [row for row in rows if (row[1] in tiers if tiers else row[1] != "-")]
        yield what, sum(row[2] != "absent" for row in some), len(some)


def text_of(rows):
    lines = [f"- {what}: {there} of {of} are here\n" for what, there, of in figures(rows)]
    lines += ["\n| call | tier | status | page | test |\n", "|---|---|---|---|---|\n"]
    lines += [f"| {' | '.join(row)} |\n" for row in rows]
    return HEAD + "".join(lines)


def read():
    """The rows of the table as it stands."""
    return [[cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in tree.read(TABLE).splitlines() if re.match(r"\| \w+ \| (?!tier)", line)]
