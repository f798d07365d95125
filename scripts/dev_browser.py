"""Find the Chromium that the browser tests run in, or install one."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PLAYWRIGHT_PATTERNS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
HELP = (
    "no Chromium or Chrome to run the browser tests in. Install one (Debian: apt install chromium),"
    " or name it: make test CORRIDOR_BROWSER=/path/to/chrome"
)


class BrowserError(Exception):
    """Why there is no browser, in one line for the reader."""


def playwright_folder() -> Path:
    """Return the folder that Playwright downloads its browsers to."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if chosen not in ("", "0"):
        return Path(chosen)
    caches = "Library/Caches" if platform.system() == "Darwin" else ".cache"
    return Path.home() / caches / "ms-playwright"


def candidates() -> Iterator[Path]:
    """Yield the places where a browser may be, the preferred ones first."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    yield from map(Path, MAC_APPS)
    for pattern in PLAYWRIGHT_PATTERNS:
        yield from sorted(playwright_folder().glob(pattern), reverse=True)


def runs(browser: Path) -> bool:
    """Tell whether the file is a browser that starts: some are stubs, or lack a library."""
    try:
        done = subprocess.run(  # noqa: S603
            [str(browser), "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout


def find_browser() -> Path | None:
    """Return a browser that starts, or None.

    Raises `BrowserError` if CORRIDOR_BROWSER names one that doesn't.
    """
    chosen = os.environ.get("CORRIDOR_BROWSER", "")
    if chosen:
        if not runs(Path(chosen)):
            raise BrowserError(f"CORRIDOR_BROWSER={chosen} is no Chromium or Chrome that starts.")
        return Path(chosen)
    return next((path for path in candidates() if runs(path)), None)


def require_browser() -> Path:
    """Return a browser that starts, or raise `BrowserError` with what to do about it."""
    found = find_browser()
    if found is None:
        raise BrowserError(HELP)
    return found


def as_root() -> list[str] | None:
    """Return what a command must be preceded by to run as root, or None where it can't."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and succeeds([sudo, "-n", "true"], show=False):
        return [sudo, "-n"]
    return None


def succeeds(command: list[str], *, show: bool = True) -> bool:
    """Run a command without input; its errors are shown if `show`."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if show else subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def has_chromium_package() -> bool:
    """Tell whether apt's chromium is a real package; Ubuntu's is a stub for its snap store."""
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    return shutil.which("apt-get") is not None and "ubuntu" not in release.lower()


def install_with_apt(prefix: list[str]) -> None:
    """Install Debian's chromium, with fresh package lists if the ones here don't do."""
    print("Installing Debian's chromium with apt-get.", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends", "chromium"]
    if not succeeds(install, show=False) and succeeds([*apt, "update"]):
        succeeds(install)


def install_with_playwright(*, with_libraries: bool) -> None:
    """Download Playwright's own Chromium, with the system libraries it needs if allowed."""
    print("Downloading Playwright's Chromium.", flush=True)
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    if not (with_libraries and succeeds([*install, "--with-deps"])):
        succeeds(install)


def install_browser() -> None:
    """Try the ways to install a browser until one starts; raise `BrowserError` if none does."""
    prefix = as_root()
    if has_chromium_package() and prefix is not None:
        install_with_apt(prefix)
        if find_browser():
            return
    on_linux = platform.system() == "Linux"
    install_with_playwright(with_libraries=on_linux and prefix is not None)
    require_browser()


def main() -> int:
    """Say which browser the tests will use, after installing one if there is none."""
    try:
        if find_browser() is None:
            install_browser()
        print(f"Testing in {require_browser()}.")
    except BrowserError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
