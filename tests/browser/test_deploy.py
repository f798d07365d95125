"""The app behind nginx, from the committed configuration, as an ordinary user on loopback.

Where nginx isn't installed these tests are skipped, saying so; CORRIDOR_NGINX=required makes that a
failure.
"""

import json
import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.browser.support import (
    HOST,
    ROOT,
    TIMEOUT_S,
    Server,
    drawn_frame,
    free_port,
    is_healthy,
    map_frame,
    open_atlas,
    open_page,
    routes,
    stop,
    wait_for_idle,
    wait_until,
    wait_until_served,
)

CONFIG = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
UNIT = (ROOT / "deploy" / "corridor@.service").read_text("utf-8")
# The ports of the committed files; the tests take free ones instead.
PORTS = ("8501", "8502")
MAX_UPLOAD = 20 * 1024 * 1024
MISSING = (
    "nginx is not installed, so docs/deploy.md is NOT TESTED here: apt-get install nginx-light"
)
# What a whole nginx.conf has besides a site: all that it writes is in one folder.
MAIN = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/corridor.conf;
}}
"""
LINE = {
    "type": "Feature", "properties": {"name": "Opened line"},
    "geometry": {"type": "LineString", "coordinates": [[30, 50], [40, 55]]},
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """nginx and the processes behind it, by their ports."""

    url: str
    folder: Path
    processes: Mapping[str, subprocess.Popen[bytes]]

    def answered(
        self, since: int = 0, least: int = 0, methods: Collection[str] = ("GET", "PUT", "POST")
    ) -> list[tuple[int, str, str, str]]:
        """List what was asked so far: the status, the method, the path and the ports asked.

        nginx writes a line once it has answered; `least` so many lines after the first `since` are
        waited for.
        """
        end = time.monotonic() + TIMEOUT_S
        while True:
            rows = [row for row in self._rows() if row[1] in methods]
            if len(rows) >= since + least:
                return rows[since:]
            assert time.monotonic() < end, f"{len(rows) - since} of {least} requests were logged"
            time.sleep(0.02)

    def _rows(self) -> Iterator[tuple[int, str, str, str]]:
        for line in (self.folder / "access.log").read_text("utf-8").splitlines():
            row = line.split(" ", 6)
            yield int(row[1]), row[2], row[3], "+".join(re.findall(r":(\d+)", row[6]))

    def log(self) -> str:
        """Return what nginx complained of."""
        return (self.folder / "error.log").read_text("utf-8")


def nginx() -> str:
    """Find nginx, or skip, or fail where it is required."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        if os.environ.get("CORRIDOR_NGINX") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found


def ordinary_user() -> str | None:
    """Name a user without rights where the tests themselves run as root."""
    return "nobody" if os.geteuid() == 0 else None


def template(folder: Path, ports: Mapping[str, str]) -> str:
    """Put the test's ports and paths into the committed site."""
    port = ports["nginx"]
    text = CONFIG.replace("listen 80;\n    listen [::]:80;", f"listen {HOST}:{port};", 1)
    text = text.replace("/var/log/nginx/corridor.log", str(folder / "access.log"), 1)
    return re.sub("|".join(PORTS), lambda found: ports[found[0]], text)


def command(port: str) -> list[str]:
    """Give the unit's command for this checkout and this Python."""
    (line,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    words = shlex.split(line.replace("%i", port))
    assert words[:2] == [f"/opt/corridor/{port}/.venv/bin/python", "-m"]
    return [sys.executable, *words[1:]]


@contextmanager
def started(words: list[str], log: Path, user: str | None) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603
            words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True, user=user, extra_groups=[] if user else None,
        )  # fmt: skip
    try:
        yield process
    finally:
        stop(process)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    program, user = nginx(), ordinary_user()
    ports = {name: str(free_port()) for name in (*PORTS, "nginx")}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="corridor-nginx-")))
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        (folder / "corridor.conf").write_text(template(folder, ports), "utf-8")
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder), "utf-8")
        processes = {}
        for name in PORTS:
            words, log = command(ports[name]), folder / f"{name}.log"
            processes[ports[name]] = stack.enter_context(started(words, log, None))
        for port, process in processes.items():
            wait_until_served(process, Server(f"http://{HOST}:{port}", folder / f"{name}.log"))
        words = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        front = stack.enter_context(started(words, folder / "nginx.log", user))
        url = f"http://{HOST}:{ports['nginx']}"
        wait_until_served(front, Server(url, folder / "nginx.log"))
        yield Site(url, folder, processes)


def ask(
    site: Site,
    path: str,
    *,
    method: str = "GET",
    length: int = 0,
    headers: Mapping[str, str] | None = None,
) -> int:
    """Ask without a cookie and return the status; of a body, only its length is told."""
    with closing(HTTPConnection(HOST, urlsplit(site.url).port, timeout=TIMEOUT_S)) as connection:
        connection.putrequest(method, path)
        for name, value in {**(headers or {}), "Content-Length": str(length)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status


def asked_of(site: Site, page: Page) -> str:
    """Tell which process a reader's page was sent to by its cookie."""
    cookies = [each for each in page.context.cookies() if each.get("name") == "corridor"]
    (cookie,) = cookies
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    port = cookie.get("value", "")
    assert port in site.processes
    return port


def test_the_configuration_is_one_that_nginx_takes_without_a_word(site: Site) -> None:
    words = [nginx(), "-t", "-c", str(site.folder / "nginx.conf"), "-e", "stderr"]
    done = subprocess.run(  # noqa: S603
        words, capture_output=True, text=True, check=False, user=ordinary_user()
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_the_health_check_is_answered(site: Site) -> None:
    assert is_healthy(site.url)
    assert all(is_healthy(f"http://{HOST}:{port}") for port in site.processes)
    assert ask(site, "/_stcore/metrics") == 404


def test_one_reader_is_always_with_one_process(site: Site, browser: Browser) -> None:
    """Two readers at once are with two processes, and each sees the map and opens a file."""
    with open_page(browser) as (first, seen), open_page(browser) as (second, also_seen):
        readers = first, second
        for page in readers:
            page.set_default_timeout(2000 * TIMEOUT_S)  # each process reads all its data first
        for page in readers:
            page.goto(site.url, wait_until="commit")
        for page in readers:
            drawn_frame(page)
        ports = [asked_of(site, page) for page in readers]
        assert set(ports) == set(site.processes)
        for page, port in zip(readers, ports, strict=True):
            before = len(site.answered())
            open_atlas(page, site.url)
            upload(page)
            asked = site.answered(before, 5)
            # What the page before it closed is logged only now, but was with the same process.
            assert {row[3] for row in asked} == {port}, asked
            assert all(status < 400 for status, *_ in asked), asked
            puts = [row[:2] for row in asked if "/_stcore/upload_file/" in row[2]]
            assert puts == [(204, "PUT")]
            assert asked_of(site, page) == port
        # The policy that nginx adds stops nothing that the app does.
        seen.check()
        also_seen.check()


def upload(page: Page) -> None:
    """Open a small file through the page's own control."""
    count = len(routes(map_frame(page)))
    box = page.get_by_test_id("stExpander").filter(has_text="Open your own file")
    box.locator("summary").click()
    data = json.dumps({"type": "FeatureCollection", "features": [LINE]}).encode()
    file = FilePayload(name="line.geojson", mimeType="application/geo+json", buffer=data)
    box.locator('input[type="file"]').set_input_files(file)
    wait_until(map_frame(page), f"map.atlas.scene.lines.length === {count + 1}")
    wait_for_idle(page)


def test_what_is_too_large_is_refused_before_it_reaches_a_process(site: Site) -> None:
    sent = ("PUT", "POST")
    before = len(site.answered(methods=sent))
    path = "/_stcore/upload_file/none/none"
    assert ask(site, path, method="PUT", length=MAX_UPLOAD + 1) == 413
    assert ask(site, "/", method="POST", length=100_000) == 413
    # One of the size that the app itself takes is let through; there is no such session, though.
    assert ask(site, path, method="PUT", length=20_001_000) in (400, 403)
    asked = [row[3] for row in site.answered(before, 3, methods=sent)]
    assert asked[:2] == ["", ""]
    assert asked[2] in site.processes


def test_nothing_that_a_reader_looks_at_is_logged(site: Site) -> None:
    assert ask(site, "/?route=EFHK-RJAA&closed=Secretland") == 200
    log = (site.folder / "access.log").read_text("utf-8")
    assert "Secretland" not in log
    assert site.url not in log


def test_another_site_cannot_speak_to_a_session(site: Site) -> None:
    """A WebSocket from a page of another origin is refused, behind nginx too."""
    head = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    before = len(site.answered())
    strange = ("http://evil.example", "null", site.url.replace("http", "ftp"), site.url + "0")
    for origin in strange:
        assert ask(site, "/_stcore/stream", headers={**head, "Origin": origin}) == 403
    assert ask(site, "/_stcore/stream", headers={**head, "Origin": site.url}) == 101
    # A process that had been asked would have looked for its own address on the internet.
    asked = [row[3] for row in site.answered(before, len(strange)) if row[0] == 403]
    assert asked == [""] * len(strange)


def test_a_reader_whose_process_dies_goes_on_with_the_other(site: Site, browser: Browser) -> None:
    """The last test here: one process is gone after it."""
    with open_page(browser) as (page, _):
        page.set_default_timeout(2000 * TIMEOUT_S)
        open_atlas(page, site.url)
        first = asked_of(site, page)
        (other,) = set(site.processes) - {first}
        os.killpg(site.processes[first].pid, signal.SIGKILL)
        site.processes[first].wait(timeout=10)
        before = len(site.answered())
        # The open page finds its way by itself; the next one that is opened does too.
        end = time.monotonic() + TIMEOUT_S
        while asked_of(site, page) != other:
            assert time.monotonic() < end, site.log()
            page.wait_for_timeout(100)
        open_atlas(page, site.url)
        frame = map_frame(page)
        wait_until(frame, "document.querySelectorAll('path.route').length > 0")
        asked = [row for row in site.answered(before, 5) if row[0] != 101]
        assert all(status < 500 for status, *_ in asked), asked
        assert asked[-1][3] == other
    with open_page(browser) as (page, _):
        open_atlas(page, site.url)
        assert asked_of(site, page) == other
    assert is_healthy(site.url)


# ---- what can be told without nginx --------------------------------------------------------------


def snippets(language: str) -> list[str]:
    """List what the page tells to write or to run."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_nginx_takes_the_site_with_the_lines_for_tls(tmp_path: Path) -> None:
    """By the page's words, with a certificate and ports of the test's own."""
    program, tls, plain = nginx(), str(free_port()), str(free_port())
    certificate, key = tmp_path / "site.pem", tmp_path / "site.key"
    words = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
        "-subj", "/CN=atlas.example.org", "-keyout", str(key), "-out", str(certificate),
    ]  # fmt: skip
    subprocess.run(words, capture_output=True, check=True)  # noqa: S603
    lines, redirect = snippets("nginx")
    listening = "    listen 80;\n    listen [::]:80;\n    server_name atlas.example.org;\n"
    assert CONFIG.count(listening) == 1
    text = CONFIG.replace(listening, lines) + redirect
    for old, new in {
        "/etc/ssl/atlas.example.org.pem": str(certificate),
        "/etc/ssl/private/atlas.example.org.key": str(key),
        "/var/log/nginx/corridor.log": str(tmp_path / "access.log"),
        "    listen [::]:443 ssl;\n": "",
        "    listen [::]:80;\n": "",
        "listen 443 ssl;": f"listen {HOST}:{tls} ssl;",
        "listen 80;": f"listen {HOST}:{plain};",
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / "corridor.conf").write_text(text, "utf-8")
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path), "utf-8")
    words = [program, "-t", "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert "[emerg]" not in done.stderr


def test_the_shell_takes_what_is_to_be_run() -> None:
    for lines in snippets("sh"):
        done = subprocess.run(
            ["/bin/sh", "-n"], input=lines, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_a_process_runs_the_version_that_its_own_link_names() -> None:
    """Its Python finds packages by the path it is started by: none may be another's."""
    folder = "/opt/corridor/%i"
    assert setting("WorkingDirectory") == [folder]
    assert setting("ExecStart")[0].startswith(f"{folder}/.venv/bin/python ")
    for lines in snippets("sh"):
        for linked in re.findall(r"^.*\bln .*$", lines, re.MULTILINE):
            assert 'ln -sfn "$new" /opt/corridor/$port' in linked
    assert 'systemctl stop corridor@$port\n    ln -sfn "$new"' in PAGE


def setting(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_the_unit_gives_no_rights_away() -> None:
    wanted = {
        "DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "", "PrivateTmp": "yes", "ProtectHome": "yes",
        "IPAddressDeny": "any", "IPAddressAllow": "localhost", "MemorySwapMax": "0",
        "ReadOnlyPaths": "/opt/corridor", "Restart": "always",
    }  # fmt: skip
    assert {name: setting(name) for name in wanted} == {
        name: [value] for name, value in wanted.items()
    }
    assert setting("MemoryMax")
    assert not setting("User")
    assert not setting("ReadWritePaths")


def test_systemd_finds_the_unit_closed() -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not here; it judges the unit's settings one by one")
    with tempfile.TemporaryDirectory(prefix="corridor-unit-") as folder:
        unit = Path(folder, "corridor@8501.service")
        unit.write_text(UNIT, "utf-8")
        words = [tool, "security", "--offline=true", "--threshold=20", str(unit)]
        done = subprocess.run(  # noqa: S603
            words, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr


def test_all_agree_on_the_limit_of_an_upload() -> None:
    """nginx, Streamlit as a whole and the control; the reader's own limit lies just below."""
    assert "client_max_body_size 20m;" in CONFIG
    settings = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    assert "maxUploadSize = 20\n" in settings
    assert "max_upload_size=20" in (ROOT / "views" / "opened.py").read_text("utf-8")


def test_the_command_listens_on_loopback_alone() -> None:
    words = command("8501")
    assert "--server.address=127.0.0.1" in words
    assert "--server.fileWatcherType=none" in words
    assert not [word for word in words if "CORS" in word or "Xsrf" in word]
