# SPDX-License-Identifier: MIT
"""Building a mutant as the build builds the driver, and running the tests with it. See mutate."""
import hashlib
import os
import re
import subprocess
import tempfile
import time

import tree

EXECUTIVES = {"tsan": ("threads",), "races": ("simulated",)}
SKIPPED = 77
PATIENCE_LEAST = 2 # seconds, and
PATIENCE = 10 # times as long as with the driver as it is, before a test has no end


def candidates():
    """Tests that load shipped drivers. Not those that wait for the end of a child."""
    wanted = re.compile(r'"(line|pair)\.h"|test_driver(_path)?\(')
    names = []
    for path in tree.files(r"^tests/(drivers|rules)/\w+\.c$"):
        text = tree.read(path)
        if wanted.search(text) and "child.h" not in text and "told.h" not in text:
            names.append(os.path.splitext(path)[0].replace("tests/", "test.", 1).replace("/", "."))
    return names


class Plant:
    """One build folder: its compile and link commands, its tests. "races" is the release build with
    the drivers that tell of their accesses."""

    def __init__(self, preset):
        self.preset = preset
        self.folder = os.path.join(tree.TOP, "build", "release" if preset == "races" else preset)
        self.drivers = "tests/races" if preset == "races" else "drivers"
        self.executives = EXECUTIVES.get(preset, ("simulated", "threads"))
        self.compile, self.link, self.original = {}, {}, {}
        self.measured = {}

    def learn(self, driver):
        """The commands of @driver, and the code of its files as they are."""
        done = subprocess.run(["ninja", "-C", self.folder, "-t", "commands",
                               f"{self.drivers}/{driver}.so"],
                              capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            source = re.search(rf" -c \S*(/drivers/\w+/{driver}/\w+\.c)$", line)
            if source:
                self.compile[source.group(1)[1:]] = line
        self.link[driver] = done.stdout.splitlines()[-1]
        for path in self.compile:
            if f"/{driver}/" in path:
                self.original[path] = code_of(os.path.join(self.folder, self.object_of(path)))

    def object_of(self, path):
        return re.search(r" -o (\S+) -c ", self.compile[path]).group(1)

    def build(self, mutant, folder):
        """Folder of the drivers with the mutant among them, or None and why there is none."""
        driver = os.path.basename(os.path.dirname(mutant.path))
        source = os.path.join(folder, os.path.basename(mutant.path))
        made, target = os.path.join(folder, f"{self.preset}.o"), f"{self.drivers}/{driver}.so"
        with open(source, "w", encoding="utf-8") as file:
            file.write(mutant.apply(tree.read(mutant.path)))
        where = os.path.dirname(os.path.join(tree.TOP, mutant.path))
        line = re.sub(r" -MD -MT \S+ -MF \S+ -o \S+ -c \S+$",
                      f" -I{where} -o {made} -c {source}", self.compile[mutant.path])
        if self.shell(line):
            return None, "does not compile"
        if code_of(made) == self.original[mutant.path]:
            return None, "same code"
        drivers = os.path.join(folder, self.preset)
        os.mkdir(drivers)
        for name in os.listdir(os.path.join(self.folder, self.drivers)):
            if name != f"{driver}.so":
                os.symlink(os.path.join(self.folder, self.drivers, name),
                           os.path.join(drivers, name))
        line = self.link[driver].replace(f" -o {target} ", f" -o {drivers}/{driver}.so ")
        if self.shell(line.replace(f" {self.object_of(mutant.path)} ", f" {made} ")):
            return None, "does not link"
        return drivers, ""

    def shell(self, line):
        return subprocess.run(line, shell=True, cwd=self.folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode

    def run(self, test, executive, drivers, seconds):
        """Exit status, None when there was no end."""
        environment = dict(os.environ, UNDIS_DRIVERS=drivers, UNDIS_EXECUTIVE=executive,
                           UNDIS_SOURCE=tree.TOP, UNDIS_TOOL=f"{self.folder}/bin/undis",
                           UNDIS_TEST_DRIVERS=f"{self.folder}/tests/drivers",
                           **({"UNDIS_SEEDS": "8"} if self.preset == "races" else {}),
                           TSAN_OPTIONS="report_signal_unsafe=0:exitcode=66")
        try:
            return subprocess.run([f"{self.folder}/tests/bin/{test}"], env=environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False,
                                  timeout=seconds).returncode
        except subprocess.TimeoutExpired:
            return None

    def has(self, test):
        return os.path.exists(f"{self.folder}/tests/bin/{test}")

    def seconds(self, test, executive):
        """How long it takes with the drivers as they are, None when it fails with them."""
        key = (test, executive)
        if key not in self.measured:
            begun = time.monotonic()
            passed = self.run(test, executive, f"{self.folder}/{self.drivers}", 60) in (0, SKIPPED)
            self.measured[key] = time.monotonic() - begun if passed else None
        return self.measured[key]

    def needing(self, driver):
        """The tests that fail without @driver."""
        whole = os.path.join(self.folder, self.drivers)
        with tempfile.TemporaryDirectory(prefix="undis-mutant-") as without:
            for name in os.listdir(whole):
                if name != f"{driver}.so":
                    os.symlink(os.path.join(whole, name), os.path.join(without, name))
            return [test for test in candidates()
                    if self.run(test, self.executives[0], without, 60) not in (0, SKIPPED)]

    def trials(self, driver, tests):
        """Those of @tests that this build has, and the name of one that fails with the driver as it
        is, or None."""
        trials = [Trial(self, test, executive, self.seconds(test, executive)) for test in tests
                  if self.has(test) for executive in self.executives
                  if self.preset != "races" or "fault" not in test]
        failing = [str(trial) for trial in trials if trial.measured is None]
        return trials, failing[0] if failing else None


class Trial:
    """A test under one executive with one build: how long it takes, and what it has killed so far."""

    def __init__(self, plant, test, executive, measured):
        self.plant, self.test, self.executive, self.measured = plant, test, executive, measured
        self.spent, self.kills = measured or 0, 0
        if executive == "threads":
            self.spent += PATIENCE_LEAST # what stands still there is waited for; simulated it is told

    def __str__(self):
        return f"{self.plant.preset}: {self.test}.{self.executive}"

    def rate(self):
        """Kills in a second, as far as they are known: those that kill most come first."""
        return (self.kills + 1) / max(self.spent, 0.01)

    def killed_by(self, drivers):
        """How it fails with the mutant in @drivers; None when it does not."""
        begun = time.monotonic()
        status = self.plant.run(self.test, self.executive, drivers,
                                PATIENCE_LEAST + PATIENCE * self.measured)
        self.spent += time.monotonic() - begun
        if status in (0, SKIPPED):
            return None
        self.kills += 1
        return f"{self}: {'no end' if status is None else status}"


def code_of(object_file):
    """A hash over what would run: without debugging and without the name of the source."""
    with tempfile.NamedTemporaryFile(prefix="undis-mutant-", suffix=".o") as bare:
        subprocess.run(["objcopy", "--strip-debug", "--strip-unneeded", object_file, bare.name],
                       check=True)
        return hashlib.sha256(bare.read()).digest()
