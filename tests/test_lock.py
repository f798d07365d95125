"""The lock agrees with requirements.txt, with what is installed, and trusts nothing but hashes."""

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.dependencies import Findings, read_findings, say_findings

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = (("linux", "Linux"), ("darwin", "Darwin"))
AGAIN = "run `make lock` after each change of requirements.txt"


def plain() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """List what the lock holds by name: the pin with its marker, and its hashes."""
    text = re.sub(r"^\s*#.*\n", "", LOCK, flags=re.MULTILINE).replace("\\\n", " ")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for line in text.splitlines():
        pin, *hashes = line.split("--hash=")
        requirement = Requirement(pin.strip())
        found[canonicalize_name(requirement.name)] = requirement, [each.strip() for each in hashes]
    return found


def test_the_lock_holds_what_requirements_txt_pins() -> None:
    kept = locked()
    for asked in plain():
        pin, _ = kept[canonicalize_name(asked.name)]
        assert (asked.specifier, asked.marker) == (pin.specifier, pin.marker), AGAIN
        assert re.fullmatch(r"==[^*,]+", str(asked.specifier))


def test_each_package_is_pinned_and_known_by_its_hashes() -> None:
    assert len(locked()) > len(plain())
    for pin, hashes in locked().values():
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier)), pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), pin


def test_the_lock_names_no_place_to_download_from() -> None:
    assert not re.search(r"://|@|^\s*-(?!-hash=)|--(?!hash=)", LOCK, re.MULTILINE)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("platform", "system"), PLATFORMS)
def test_nothing_that_is_needed_is_missing(python: str, platform: str, system: str) -> None:
    """By what the installed packages say that they need, wherever the lock is for."""
    kept = locked()
    environment = {
        "os_name": "posix", "platform_machine": "x86_64", "implementation_name": "cpython",
        "platform_python_implementation": "CPython", "implementation_version": f"{python}.0",
        "python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform,
        "platform_system": system, "extra": "",
    }  # fmt: skip
    missing, here = [], 0
    for name, (pin, _) in kept.items():
        if pin.marker and not pin.marker.evaluate(environment):
            continue
        here += 1
        for text in metadata.requires(name) or []:
            need = Requirement(text)
            if need.marker and not need.marker.evaluate(environment):
                continue
            found = kept.get(canonicalize_name(need.name))
            version = str(found[0].specifier).removeprefix("==") if found else ""
            if not found or not need.specifier.contains(version, prereleases=True):
                missing.append(f"{name} needs {need}, and the lock holds {version or 'none'}")
    assert here > len(plain())
    assert missing == [], AGAIN


def test_what_is_tested_here_is_what_is_locked() -> None:
    pins = [pin for pin, _ in locked().values()]
    pins = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    assert {pin.name: f"=={metadata.version(pin.name)}" for pin in pins} == {
        pin.name: str(pin.specifier) for pin in pins
    }


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_what_an_audit_could_not_check_counts_as_unchecked() -> None:
    found = read_findings(
        report(
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]},
            {"name": "odd", "skip_reason": "not found"},
        )
    )
    assert found == Findings(("good 1",), ("bad 2: CVE-1 (mended in 2.1)",), ("odd",))
    said = say_findings(found)
    assert said[0] == "KNOWN FAULTS in bad 2: CVE-1 (mended in 2.1)"
    assert said[1].startswith("NOT CHECKED: 1 of 3 packages (odd).")
    assert said[2] == "No fault is known in 1 packages."


@pytest.mark.parametrize("text", ["", "no network", "[]", '{"dependencies": [{}]}', "null"])
def test_an_audit_without_an_answer_is_told_from_one_without_faults(text: str) -> None:
    with pytest.raises(ValueError):
        read_findings(text)
