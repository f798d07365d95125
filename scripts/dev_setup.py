"""Make or repair .venv and install the requirements, or serve the app, for the Makefile."""

import argparse
import errno
import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLING = VENV / "corridor-installing"
REQUIREMENTS = {
    "run": ("requirements.lock",),
    "dev": ("requirements.lock", "requirements-dev.txt"),
}


class SetupError(Exception):
    """What keeps the setup from going on, in one line for the reader."""


def say(step: str) -> None:
    """Print one plain line about a step, at once."""
    print(step, flush=True)


def clean_environment() -> dict[str, str]:
    """Return the environment without what would lead pip or Python out of .venv."""
    strays = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    return {name: value for name, value in os.environ.items() if name not in strays}


def run_python(*arguments: str, python: Path = PYTHON) -> subprocess.CompletedProcess[str]:
    """Run a Python quietly and return what it printed; a missing one counts as failed."""
    command = [str(python), *arguments]
    try:
        return subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, env=clean_environment()
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock on the checkout, so that two makes don't build one .venv together."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def made_for() -> Path | None:
    """Return the folder that .venv was made in, where its pyvenv.cfg tells."""
    try:
        config = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^command = .* -m venv (?:--\S+ )*(.+)$", config, re.MULTILINE)
    return Path(found[1]) if found else None


def fault(wanted_version: str | None) -> str | None:
    """Return why .venv can't be used as it is, or None if it can.

    `wanted_version` is the version of the Python that the user asked for, if any.
    """
    if not VENV.exists():
        return "there is none yet"
    if INSTALLING.exists():
        return "its installation was interrupted"
    made = made_for()
    if made is not None and made.resolve() != VENV.resolve():
        return f"it was made for {made}"
    probe = run_python("-c", "import pip, platform; print(platform.python_version())")
    version = probe.stdout.strip()
    if probe.returncode:
        return "its Python or its pip doesn't run"
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < (3, 11):
        return f"its Python is {version}"
    if wanted_version not in (None, version):
        return f"its Python is {version}, not {wanted_version}"
    return None


def make_venv(why: str) -> None:
    """Make .venv from nothing, with the Python that runs this script."""
    say(f"Making .venv with Python {sys.version.split()[0]} ({why}).")
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    INSTALLING.touch()  # gone again once pip has ended
    made = run_python("-m", "venv", str(VENV), python=Path(sys.executable))
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        reason = (made.stderr or made.stdout).strip().splitlines() or ["no reason given"]
        raise SetupError(
            f"python -m venv failed: {reason[-1]} (on Debian and Ubuntu: apt install python3-venv)"
        )


def contents(which: str) -> str:
    """Return what the stamp of an installation holds: the requirements it was made from."""
    return "".join((ROOT / name).read_text(encoding="utf-8") for name in REQUIREMENTS[which])


def stamp(which: str) -> Path:
    """Return the file that says which requirements are installed."""
    return VENV / f"corridor-{which}.txt"


def is_installed(which: str) -> bool:
    """Tell whether .venv holds the requirements as they are now."""
    return stamp(which).is_file() and stamp(which).read_text(encoding="utf-8") == contents(which)


def install(which: str) -> None:
    """Install the requirements with pip, and note them in their stamps.

    A lock is by itself: pip wants a hash of each package as soon as it is given one of any.
    """
    INSTALLING.touch()
    for name in REQUIREMENTS[which]:
        say(f"Installing {name} into .venv (the first time takes a minute or two).")
        pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        pip += ["--no-input", "--requirement", str(ROOT / name)]
        done = subprocess.run(  # noqa: S603
            pip, check=False, env=clean_environment(), stdin=subprocess.DEVNULL
        )
        if done.returncode < 0:
            raise SetupError(f"pip was stopped by signal {-done.returncode}; run make again.")
        if done.returncode:
            INSTALLING.unlink()
            raise SetupError(
                f"pip could not install {name} (its reason is above): is there a network?"
            )
    INSTALLING.unlink()
    for part in REQUIREMENTS:
        if set(REQUIREMENTS[part]) <= set(REQUIREMENTS[which]):
            stamp(part).write_text(contents(part), encoding="utf-8")


def set_up(which: str, *, chosen: bool) -> None:
    """Bring .venv to the state that the requirements ask for; `chosen`: with this very Python."""
    with one_at_a_time():
        why = fault(sys.version.split()[0] if chosen else None)
        if why is not None:
            make_venv(why)
        if not is_installed(which):
            install(which)


def check_port(address: str, port: str) -> None:
    """Raise unless the app can listen there."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SetupError(f"PORT={port} is no port number; choose one: make run PORT=8502")
    busy = f"port {port} is taken; choose another one: make run PORT={int(port) % 65535 + 1}"
    try:
        family, kind, _, _, target = socket.getaddrinfo(
            address, int(port), type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
        with socket.socket(family, kind) as probe:
            # macOS lets one bind beside a server that listens on all addresses.
            if probe.connect_ex(target) == 0:
                raise SetupError(busy)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SetupError(busy) from error
        reason = error.strerror or str(error)
        raise SetupError(f"can't listen on {address}, port {port}: {reason}") from error


def serve(address: str, port: str) -> None:
    """Become the Streamlit server of app.py, in this process."""
    check_port(address, port)
    host = "localhost" if address in {"127.0.0.1", "0.0.0.0"} else address  # noqa: S104
    say(f"Serving Corridor at http://{host}:{port} (stop it with Ctrl-C).")
    command = [str(PYTHON), "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.headless", "true"]
    # With an address of its own, Streamlit doesn't ask the internet for this machine's.
    command += ["--server.address", address, "--server.port", port]
    os.chdir(ROOT)
    os.execve(PYTHON, command, clean_environment())  # noqa: S606


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    setup = commands.add_parser("setup")
    setup.add_argument("which", choices=REQUIREMENTS)
    setup.add_argument("--chosen", action="store_true", help="use the Python that runs this")
    server = commands.add_parser("serve")
    server.add_argument("address")
    server.add_argument("port")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit status."""
    options = parse(arguments)
    try:
        if options.command == "setup":
            set_up(options.which, chosen=options.chosen)
        else:
            serve(options.address, options.port)
    except SetupError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped: interrupted; the next make goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
