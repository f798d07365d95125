"""Look at processes from outside."""

import os
import subprocess
import time


def usage(pid: int) -> tuple[float, float]:
    """Tell a process's resident memory in MB, and the seconds of a processor that it took."""
    kilobytes, took = ps("-o", "rss=,cputimes=", "-p", str(pid)).split()
    return int(kilobytes) / 1024, float(took)


def ps(*options: str) -> str:
    """Ask the system for its list of processes."""
    command = ["ps", *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def wait_for_end_of_group(group: int) -> None:
    """Wait until workers have seen that their parent is gone. Raises AssertionError if not."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise AssertionError("workers outlive what started them")
