import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = [ROOT / "requirements/run.txt", ROOT / "requirements/dev.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_hashes_everything(lock):
    text = lock.read_text()
    assert not re.search(r"://|--index|--extra-index|--find-links", text)
    packages = re.findall(r"^[a-z0-9._-]+==.*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_the_locks_hold_every_declared_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in zip(
        LOCKS, [project["dependencies"], project["optional-dependencies"]["dev"]], strict=True
    ):
        locked = set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text(), re.MULTILINE))
        assert {re.split(r"[\[<>=]", name)[0] for name in wanted} <= locked


def test_both_locks_agree_on_every_version():
    run, dev = (dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS)
    assert run.items() <= dev.items()
