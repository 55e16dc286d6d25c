# SPDX-License-Identifier: MIT
"""What the demo needs of the kernel: network namespaces, taps, programs that end with it.

Nothing here has a name outside: the namespaces are open files of this process, so that they and
the taps in them are gone when it ends, however it ends. Programs get SIGKILL then.
"""
import ctypes
import json
import os
import signal
import subprocess
import time

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The kernel does not let us."""


def unshare(flags):
    if libc.unshare(flags) != 0:
        raise Refused(os.strerror(ctypes.get_errno()))


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def leave_host():
    """Goes to a network of its own, inside a user namespace unless root may do it directly."""
    uid, gid = os.getuid(), os.getgid()
    try:
        unshare(CLONE_NEWNET)
        return "network namespaces"
    except Refused:
        pass
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    try:
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"0 {uid} 1")
        write("/proc/self/gid_map", f"0 {gid} 1")
    except OSError as error:
        raise Refused(str(error)) from error
    return "network namespaces inside a user namespace"


class Namespace:
    """A network; this process stays where it is."""

    def __init__(self, new=True):
        home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        if not new:
            self.file = home
            return
        unshare(CLONE_NEWNET)
        self.file = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        libc.setns(home, CLONE_NEWNET)
        os.close(home)

    def _enter(self):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.setns(self.file, CLONE_NEWNET)

    def start(self, command, **options):
        """A program in this network, in a session of its own: ^C is for the demo alone."""
        return subprocess.Popen(command, preexec_fn=self._enter, start_new_session=True,
                                stdin=subprocess.DEVNULL, text=True, **options)

    def run(self, *command, timeout=20):
        """Its output; Refused when it fails."""
        program = self.start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = program.communicate(timeout=timeout)
        except BaseException:
            program.kill()
            program.wait()
            raise
        if program.returncode != 0:
            raise Refused(f"{' '.join(command)}: {(err or out).strip()[-400:]}")
        return out

    def close(self):
        os.close(self.file)

    def link(self, name):
        """Address, and frames that the kernel threw away on the way into the tap."""
        link = json.loads(self.run("ip", "-j", "-s", "link", "show", "dev", name))[0]
        return link["address"], link["stats64"]["tx"]["dropped"]

    def move(self, name, to):
        self.run("ip", "link", "set", "dev", name, "netns", f"/proc/{os.getpid()}/fd/{to.file}")

    def up(self, name, address):
        # No IPv6 address: all that travels is what the demo sends.
        try:
            self.run("ip", "link", "set", "dev", name, "addrgenmode", "none")
        except Refused:
            pass  # a kernel without IPv6
        self.run("ip", "link", "set", "dev", "lo", "up")
        self.run("ip", "addr", "add", address, "dev", name)
        self.run("ip", "link", "set", "dev", name, "up")


def make_tap(network, name):
    network.run("ip", "tuntap", "add", "dev", name, "mode", "tap")


def holds(program, names):
    """Whether @program has opened all the taps."""
    folder = f"/proc/{program.pid}/fdinfo"
    found = set()
    try:
        for entry in os.listdir(folder):
            with open(os.path.join(folder, entry), encoding="ascii") as file:
                found |= {line.split()[1] for line in file if line.startswith("iff:")}
    except OSError:
        return False
    return set(names) <= found


def wait_for(condition, what, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Refused(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def stop(program, number=signal.SIGTERM, seconds=10):
    """Ends a program; its output. It is killed when it does not end in time."""
    if program.poll() is None:
        program.send_signal(number)
    try:
        return program.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        program.kill()
        out, err = program.communicate()
        return out, (err or "") + f"\nkilled after {seconds} s\n"
