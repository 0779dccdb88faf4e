import json
import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML
from sbom import current

from app.cli import transfers

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))
LOCKS = (
    "requirements.lock", "requirements-dev.lock", "requirements-browser.lock",
    "requirements-bench.lock", "requirements-mutate.lock", "requirements-supply.lock",
)  # fmt: skip
DOCKERFILE = (ROOT / "Dockerfile").read_text()
FINAL_STAGE = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
COMPOSE = YAML(typ="safe").load(ROOT / "compose.yaml")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_dockerfile_passes_the_linter() -> None:
    _passes("hadolint", "--no-color", "Dockerfile")


def test_the_image_runs_as_an_ordinary_user() -> None:
    user = re.findall(r"^USER (\S+)$", FINAL_STAGE, re.MULTILINE)[-1]
    assert int(user.split(":")[0]) > 0


def test_the_image_says_whether_it_is_alive() -> None:
    assert re.search(
        r"^HEALTHCHECK .*\n.*http://127\.0\.0\.1:8000/health/live", FINAL_STAGE, re.MULTILINE
    )


def test_the_image_installs_only_hash_checked_dependencies() -> None:
    installs = re.findall(r"pip install(?:.*\\\n)*.*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in install for install in installs)


def test_the_image_holds_no_secrets() -> None:
    assert not re.search(r"SECRET|PASSWORD|TOKEN|KEY", DOCKERFILE)


def test_what_the_image_copies_exists_and_may_enter_the_build() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    sources = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert sorted(f"!{source}" for source in sources) == sorted(
        line for line in allowed if line.startswith("!")
    )


def test_the_image_enters_where_the_installed_script_does() -> None:
    module, name = PROJECT["project"]["scripts"]["transfers"].split(":")
    assert f"'from {module} import {name}'" in DOCKERFILE
    assert FINAL_STAGE.rstrip().endswith(
        'ENTRYPOINT ["transfers"]\nCMD ["api", "--host", "0.0.0.0"]'
    )


def test_the_compose_file_is_valid() -> None:
    _passes("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


@pytest.mark.parametrize("service", sorted(COMPOSE["services"].keys() - {"postgres"}))
def test_every_service_runs_a_real_command(service: str) -> None:
    words = list(COMPOSE["services"][service]["command"])
    command = transfers.get_command(click.Context(transfers), words.pop(0))

    assert command is not None
    context = command.make_context(service, words)

    assert context.params.get("host", "0.0.0.0") == "0.0.0.0"  # noqa: S104 - in its container


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    uses = re.findall(r"\$\{(\w*(?:SECRET|PASSWORD)\w*)(..)", text)
    assert uses
    assert {name for name, rule in uses if rule != ":?"} == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_registry(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_a_version_and_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=\S)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(
            r"[a-z0-9-]+==\S+ (; .+ )?\\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+$", entry
        )


def test_the_locks_cover_what_the_project_asks_for() -> None:
    runtime = PROJECT["project"]["dependencies"]
    development = PROJECT["dependency-groups"]["dev"]
    assert _unmet(runtime, "requirements.lock") == []
    assert _unmet([*runtime, *development], "requirements-dev.lock") == []


def test_the_tests_run_against_the_versions_that_the_image_has() -> None:
    assert _pins("requirements.lock").items() <= _pins("requirements-dev.lock").items()


def test_the_bill_of_materials_has_every_package_of_the_image_with_its_hashes() -> None:
    made = json.loads(current())

    hashes = {
        component["name"]: len(component["externalReferences"][0]["hashes"])
        for component in made["components"]
    }
    assert {x["name"]: x["version"] for x in made["components"]} == _pins("requirements.lock")
    assert sum(hashes.values()) == (ROOT / "requirements.lock").read_text().count("--hash=")
    assert min(hashes.values()) > 0
    assert len(made["dependencies"]) == len(made["components"]) + 1


def test_the_bill_of_materials_says_what_the_service_needs_itself() -> None:
    made = json.loads(current())
    (own,) = [x for x in made["dependencies"] if x["ref"].startswith("pkg:pypi/transfer-pathways@")]

    needs = {canonicalize_name(Requirement(x).name) for x in PROJECT["project"]["dependencies"]}

    assert {ref.removeprefix("pkg:pypi/").partition("@")[0] for ref in own["dependsOn"]} == needs


def test_the_bill_of_materials_is_the_same_each_time_and_names_no_place() -> None:
    once, again = current(), current()

    assert once == again
    assert set(re.findall(r"\w+://[^\"/]*", once)) == {"http://cyclonedx.org"}
    assert str(ROOT) not in once


def _passes(program: str, *arguments: str) -> None:
    checked = subprocess.run(  # noqa: S603 - a linter of the development dependencies
        [SCRIPTS / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def _unmet(requirements: list[str], lock: str) -> list[str]:
    pins = _pins(lock)
    return [text for text in requirements if not _is_met(Requirement(text), pins)]


def _is_met(requirement: Requirement, pins: dict[str, str]) -> bool:
    version = pins.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version)
