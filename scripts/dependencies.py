"""Lock all that Corridor runs on by its hashes, and ask whether faults in it are known."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "lock"
PLAIN, LOCK = ROOT / "requirements.txt", ROOT / "requirements.lock"
OLDEST_PYTHON = "3.11"
FAULTY, UNKNOWN = 1, 3
_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Findings:
    """What an audit found: packages without known faults, with some, and not checked, and why."""

    clean: tuple[str, ...]
    faulty: tuple[str, ...]
    unchecked: tuple[str, ...]


def lock(more: list[str]) -> int:
    """Write the lock for Linux and macOS and every Python from the oldest on.

    What the lock has stays as it is unless requirements.txt asks otherwise; `--upgrade` in `more`
    takes the newest of all that it leaves open.
    """
    asked = ["pip", "compile", "--universal", "--generate-hashes", "--python-version"]
    asked += [OLDEST_PYTHON, "--custom-compile-command", "make lock", "--no-emit-index-url"]
    asked += ["--quiet", "--output-file", LOCK.name, *more, PLAIN.name]
    return _tool("uv", asked).returncode


def audit() -> int:
    """Ask pip-audit about the lock, and say plainly what it could and couldn't tell.

    Returns 0 where no fault is known, 1 where one is, and 3 where not all could be checked.
    """
    asked = ["--requirement", LOCK.name, "--require-hashes", "--disable-pip", "--format", "json"]
    asked += ["--progress-spinner", "off"]
    done = _tool("pip_audit", asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        found = read_findings(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        print(f"Nothing was checked: pip-audit found no list of faults. {lines[-1][:300]}")
        return UNKNOWN
    print("\n".join(say_findings(found)))
    if found.faulty:
        return FAULTY
    return UNKNOWN if found.unchecked or not found.clean else 0


def read_findings(text: str) -> Findings:
    """Sort what pip-audit wrote as JSON. Raises ValueError where that is something else."""
    try:
        packages = json.loads(text)["dependencies"]
        return Findings(
            tuple(_named(each) for each in packages if "vulns" in each and not each["vulns"]),
            tuple(f"{_named(each)}: {_faults(each)}" for each in packages if each.get("vulns")),
            tuple(each["name"] for each in packages if "vulns" not in each),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not pip-audit's JSON") from error


def say_findings(found: Findings) -> list[str]:
    """Say what was found, the faults first."""
    said = [f"KNOWN FAULTS in {each}" for each in found.faulty]
    if found.unchecked:
        every = len(found.clean) + len(found.faulty) + len(found.unchecked)
        which = ", ".join(found.unchecked[:5]) + (", …" if len(found.unchecked) > 5 else "")
        said.append(
            f"NOT CHECKED: {len(found.unchecked)} of {every} packages ({which}). The list of "
            "faults can't be reached from here, or doesn't know them: run this where it can."
        )
    if found.clean:
        said.append(f"No fault is known in {len(found.clean)} packages.")
    return said


def _named(package: dict[str, str]) -> str:
    return f"{package['name']} {package['version']}"


def _faults(package: dict[str, list[dict[str, object]]]) -> str:
    return "; ".join(
        f"{fault['id']} (mended in {', '.join(map(str, _list(fault['fix_versions']))) or 'none'})"
        for fault in package["vulns"]
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _tool(
    module: str, arguments: list[str], stdout: int | None = None, stderr: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool that was installed beside .venv, so that its own needs stay out of it."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(TOOLS)},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        check=False,
        timeout=_TIMEOUT_S,
    )


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["lock", "audit"])
    options, more = parser.parse_known_args(arguments)
    return lock(more) if options.task == "lock" else audit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
