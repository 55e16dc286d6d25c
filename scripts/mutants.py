# SPDX-License-Identifier: MIT
"""The mutants of a driver: small faults, made from clang's syntax tree by operators. See mutate."""
import json
import os
import re
import subprocess

import tree

LOCK = re.compile(r"(Acquire|^ExAcquire|KeEnter).*(Lock|Region|Mutex|Critical)|AcquireSpinLock")
UNLOCK = re.compile(r"Release.*(Lock|Mutex)|KeLeave")
RETURN = re.compile(r"Return|Dereference|Release(?!.*Lock)")
COMPLETION = re.compile(
    r"Complete|Free|Indicate|Send|SetEvent|QueueDpc|Queue|Close|Deregister|Transmit|Hold|Cancel|"
    r"Request|Restart|Append|Finish|Drain")
NOTHING = ("NdisFreeSpinLock",)  # calls that a driver may leave out: Windows does nothing in them
FLAGS = ["-std=gnu17", "-fgnu89-inline", "-fshort-wchar", "-fms-extensions", "-mms-bitfields",
         "-fno-strict-aliasing", "-fwrapv", "-w"]


class Mutant:
    """One edit of one file: source[begin:end] becomes @text."""

    def __init__(self, path, operator, begin, end, text, source):
        self.path, self.operator = path, operator
        self.begin, self.end, self.text = begin, end, text
        self.line = source.count("\n", 0, begin) + 1
        what = " ".join(source[begin:end].split())
        self.label = f"{operator:10} {path}:{self.line}: {what[:70]}"
        # What docs/mutants.md names: lines move, words stay.
        self.key = f"{operator} {path}: {what[:70]}".strip()

    def apply(self, source):
        return source[:self.begin] + self.text + source[self.end:]


def compiler_flags():
    resource = subprocess.run(["clang", "-print-resource-dir"], capture_output=True, text=True,
                              check=True).stdout.strip()
    km = os.path.join(tree.TOP, "include/km")
    return FLAGS + ["-nostdinc", "-isystem", km + "/crt", "-isystem", km,
                    "-isystem", resource + "/include"]


def offset(location):
    """Where a location stands in the main file; None when it does not."""
    location = location.get("expansionLoc", location)
    return None if "includedFrom" in location else location.get("offset")


def begin_of(node):
    return offset(node.get("range", {}).get("begin", {}))


def closing(source, at):
    """Behind the bracket that closes the one at @at."""
    depth = 0
    for i in range(at, len(source)):
        depth += source[i] in "([{"
        depth -= source[i] in ")]}"
        if depth == 0:
            return i + 1
    raise ValueError("brackets do not match")


def statement_end(source, at):
    """Behind the semicolon that ends the expression statement at @at."""
    while source[at] != ";":
        at = closing(source, at) if source[at] in "([{" else at + 1
    return at + 1


def callee(node):
    """The name that an expression statement calls, "" when it is no call."""
    while node.get("kind") in ("ImplicitCastExpr", "ParenExpr", "CStyleCastExpr", "ExprWithCleanups"):
        node = node["inner"][0]
    if node.get("kind") == "BinaryOperator" and node.get("opcode") == "=":
        return callee(node["inner"][1])
    if node.get("kind") != "CallExpr":
        return ""
    node = node["inner"][0]
    while node.get("kind") in ("ImplicitCastExpr", "ParenExpr"):
        node = node["inner"][0]
    return node.get("name") or node.get("referencedDecl", {}).get("name", "")


def hands_over(node):
    """An expression statement after which something belongs to another, or a lock does."""
    return any(pattern.search(callee(node)) for pattern in (LOCK, UNLOCK, RETURN, COMPLETION))


class Collector:
    """Walks the functions of one file and collects its mutants."""

    def __init__(self, path, source):
        self.path, self.source, self.mutants, self.void = path, source, [], False

    def add(self, operator, begin, end, text):
        self.mutants.append(Mutant(self.path, operator, begin, end, text, self.source))

    def drop(self, operator, node):
        begin = begin_of(node)
        self.add(operator, begin, statement_end(self.source, begin), ";")

    def negate(self, keyword_at):
        begin = self.source.index("(", keyword_at)
        end = closing(self.source, begin)
        self.add("negate", begin, end, "(!" + self.source[begin:end] + ")")

    def expression(self, node):
        name, kind = callee(node), node["kind"]
        if name in NOTHING:
            return
        if name and LOCK.search(name):
            self.drop("lock", node)
        elif name and UNLOCK.search(name):
            self.drop("unlock", node)
        elif name.startswith("Interlocked"):
            self.drop("reference", node)
        elif name and RETURN.search(name):
            self.drop("return", node)
        elif name and COMPLETION.search(name) and kind == "CallExpr":
            self.drop("completion", node)
        elif kind == "CompoundAssignOperator" or (
                kind == "UnaryOperator" and node.get("opcode") in ("++", "--")):
            self.drop("reference", node)

    def branch(self, node):
        begin, body = begin_of(node), node["inner"][1]
        inner = body.get("inner", []) if body["kind"] == "CompoundStmt" else [body]
        self.negate(begin)
        if not node.get("hasElse") and inner and inner[-1]["kind"] in (
                "ReturnStmt", "ContinueStmt", "BreakStmt"):
            at = self.source.index("(", begin)
            end = closing(self.source, at)
            self.add("check", at, end, "(0 && " + self.source[at:end] + ")")
            if inner[-1]["kind"] == "ReturnStmt" and self.void:
                self.drop("return", inner[-1])

    def statement(self, node):
        kind = node["kind"]
        if begin_of(node) is None:
            return
        if kind == "IfStmt":
            self.branch(node)
        elif kind == "WhileStmt":
            self.negate(begin_of(node))
        elif kind in ("CallExpr", "BinaryOperator", "UnaryOperator", "CompoundAssignOperator"):
            self.expression(node)

    def swap(self, first, second):
        """Neighbours of which one hands over, locks or gives back, and that share a word."""
        kinds = ("CallExpr", "BinaryOperator", "UnaryOperator", "CompoundAssignOperator")
        if first["kind"] not in kinds or second["kind"] not in kinds:
            return
        begin, middle = begin_of(first), begin_of(second)
        if begin is None or middle is None:
            return
        # What moves in under a lock is as right as before, unless it hands over.
        if LOCK.search(callee(second)) and not hands_over(first):
            return
        if UNLOCK.search(callee(first)) and not hands_over(second):
            return
        if not hands_over(first) and not hands_over(second):
            return
        end = statement_end(self.source, middle)
        one = self.source[begin:statement_end(self.source, begin)]
        two = self.source[middle:end]
        shared = set(re.findall(r"[A-Za-z_]\w+", one)) & set(re.findall(r"[A-Za-z_]\w+", two))
        if shared:
            self.add("swap", begin, end, two + " " + one)

    def walk(self, node):
        kind, inner = node.get("kind", ""), [each for each in node.get("inner", []) if each]
        if kind == "CompoundStmt":
            statements = inner
            for first, second in zip(inner, inner[1:]):
                self.swap(first, second)
        elif kind == "IfStmt":
            statements = inner[1:]
        elif kind in ("WhileStmt", "ForStmt"):
            statements = inner[-1:]
        else:
            return
        for each in statements:
            if each.get("kind") != "CompoundStmt":
                self.statement(each)
            self.walk(each)

    def function(self, declaration):
        self.void = declaration["type"]["qualType"].startswith(("VOID (", "void ("))
        for node in declaration.get("inner", []):
            if node.get("kind") == "CompoundStmt":
                self.walk(node)


def mutants_of(path, flags):
    source = tree.read(path)
    done = subprocess.run(["clang", "-fsyntax-only", *flags, "-Xclang", "-ast-dump=json", path],
                          cwd=tree.TOP, capture_output=True, text=True, check=True)
    collector = Collector(path, source)
    for declaration in json.loads(done.stdout)["inner"]:
        if declaration.get("kind") == "FunctionDecl" and offset(declaration.get("loc", {})) is not None:
            collector.function(declaration)
    return collector.mutants
