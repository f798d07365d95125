"""Answer on the command line what the page shows: `python -m geo route "OSLK-USCG" --json`."""

import io
import os
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from time import monotonic
from typing import Any

import click

from geo.errors import GeoError, NoWayError
from geo.file_faults import say_os_error
from geo.text import printable

_COMMANDS = ("route", "corridor", "brief", "audit")
BAD_INPUT = 2
NO_WAY = 3
STOPPED = 130
_LONGEST = 1000
_PATIENCE_S = 1.0


class OneLineGroup(click.Group):
    """A group of commands that reports what was wrong in one line.

    It exits with 2, or with 3 where no open way exists. A command is imported when it is asked for:
    what draws pictures takes a second to start.
    """

    def list_commands(self, _: click.Context) -> list[str]:
        """Name the commands; see `click.Group.list_commands`."""
        return list(_COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Import a command; see `click.Group.get_command`."""
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"geo.commands.{name}"), name)
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; see `click.Command.main`."""
        _write_utf8()
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except NoWayError as problem:
            click.echo(f"geo: {_message(problem)}", err=True)
            sys.exit(NO_WAY)
        except (click.ClickException, GeoError, OSError) as problem:
            click.echo(f"geo: {_message(problem)}", err=True)
            if isinstance(problem, OSError):
                _print_no_more()
            sys.exit(BAD_INPUT)
        except click.Abort:
            sys.exit(STOPPED)
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=OneLineGroup, no_args_is_help=False)
def cli() -> None:
    """Draw true flight routes and tell whose airspace they cross."""


def _write_utf8() -> None:
    """Write UTF-8 whatever the locale says; what no encoding can hold is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper) and isinstance(sys.stdout.buffer, io.RawIOBase):
        # Unbuffered, as PYTHONUNBUFFERED has it, Python drops what a full disk has no room for.
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.detach()))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _print_no_more() -> None:
    """Let what is still to be printed go nowhere: Python would try again at its end, and fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _message(problem: Exception) -> str:
    """Bring what was refused onto one line, cut where it is long."""
    if isinstance(problem, click.ClickException):
        line = printable(problem.format_message())
    elif isinstance(problem, OSError):
        # What names no file went wrong on the way to where the answer is printed.
        line = f"{printable(str(problem.filename or 'output'))}: {say_os_error(problem)}"
    else:
        line = printable(str(problem))
    return f"{line[:_LONGEST]}…" if len(line) > _LONGEST else line


def run() -> None:
    """Run a command as a process, which ends soon after Ctrl-C whatever it was at."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        _hear_one_interrupt()
    try:
        cli()
    except SystemExit as end:
        if end.code:
            _wait_for_threads(int(end.code))
            # Python hears Ctrl-C no more while it ends, and would be killed by it.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise


def _hear_one_interrupt() -> None:
    """Clear up undisturbed after the first Ctrl-C; one that comes much later ends it all."""
    heard_s: list[float] = []

    def stop(*_: object) -> None:
        if not heard_s:
            heard_s.append(monotonic())
            raise KeyboardInterrupt
        if monotonic() - heard_s[0] > _PATIENCE_S:
            os._exit(STOPPED)

    signal.signal(signal.SIGINT, stop)


def _wait_for_threads(status: int) -> None:
    """Wait for threads a moment, and end without those that don't: Python itself would wait on."""
    until = monotonic() + _PATIENCE_S
    others = [each for each in threading.enumerate() if each is not threading.main_thread()]
    for thread in others:
        if not thread.daemon:
            thread.join(max(0.0, until - monotonic()))
            if thread.is_alive():
                sys.stdout.flush()
                os._exit(status)


if __name__ == "__main__":
    run()
