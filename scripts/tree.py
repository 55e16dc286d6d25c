# SPDX-License-Identifier: MIT
"""What the check scripts share: the files of the tree, a verdict, the export list, contracts."""
import csv
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def files(*patterns):
    """The files of the tree that git does not ignore and whose path matches a pattern."""
    listed = subprocess.run(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(path for path in set(listed)
                  if os.path.isfile(os.path.join(TOP, path))
                  and any(re.search(pattern, path) for pattern in patterns))


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def rows(path):
    with open(os.path.join(TOP, path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def export_list():
    """The names of src/undis.map."""
    text = re.sub(r"/\*.*?\*/|#[^\n]*", " ", read("src/undis.map"), flags=re.S)
    part = re.search(r"global:(.*?)(?:local:|\})", text, flags=re.S)
    return [name for name in re.split(r"[;\s]+", part.group(1)) if name] if part else []


class Verdict:
    """Counts what was checked; nothing checked is a failure too."""

    def __init__(self, name):
        self.name = name
        self.checked = 0
        self.failed = 0

    def item(self, faults):
        """One thing was looked at; @faults are the lines to print, none when it is right."""
        self.checked += 1
        self.failed += bool(faults)
        for fault in faults:
            print(fault)

    def end(self):
        print(f"{self.name}: {self.checked - self.failed} passed, {self.failed} failed")
        if not self.checked:
            print(f"{self.name}: nothing was checked")
        sys.exit(bool(self.failed) or not self.checked)
