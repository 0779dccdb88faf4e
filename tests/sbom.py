"""What the service consists of, as CycloneDX 1.6: written and checked when run.

It is made from the lock and from what the installed packages say they need. The same lock makes the
same file: no time, and a serial number that follows from the content. No registry is named.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILE = ROOT / "dist" / "sbom.json"
_LOCKED = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill_of_materials(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """The whole of it, of a lock file's text and the `project` table of pyproject.toml."""
    locked = {found["name"]: found for found in _LOCKED.finditer(lock)}
    itself = f"pkg:pypi/{project['name']}@{project['version']}"
    purls = {name: f"pkg:pypi/{name}@{found['version']}" for name, found in locked.items()}
    components = [
        {
            "type": "library",
            "bom-ref": purls[name],
            "name": name,
            "version": found["version"],
            "purl": purls[name],
            **_licence(name),
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": purls[name],
                    "hashes": [{"alg": "SHA-256", "content": x} for x in _HASH.findall(found[0])],
                }
            ],
        }
        for name, found in locked.items()
    ]
    needs = {itself: _names(project["dependencies"])} | {
        purls[name]: _names(_required(name)) for name in locked
    }
    dependencies = [
        {"ref": ref, "dependsOn": sorted({purls[name] for name in names if name in purls})}
        for ref, names in needs.items()
    ]
    content = json.dumps([components, dependencies], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": itself,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
            }
        },
        "components": components,
        "dependencies": dependencies,
    }


def current() -> str:
    """That of this project as it is locked."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = bill_of_materials((ROOT / "requirements.lock").read_text("utf-8"), project)
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _licence(name: str) -> dict[str, Any]:
    """The licence's SPDX expression, where the package tells one."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:  # another system's alone
        return {}
    field = "License-Expression"
    return {"licenses": [{"expression": told[field]}]} if field in told else {}


def _required(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def _names(requirements: list[str]) -> Iterator[str]:
    """What is needed here or with any extra: what the lock does not have is not installed."""
    for text in requirements:
        try:
            yield canonicalize_name(Requirement(text).name)
        except InvalidRequirement:
            continue


def _check(text: str) -> None:
    from cyclonedx.schema import SchemaVersion  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - `make sbom` alone
    from cyclonedx.validation.json import JsonStrictValidator  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        sys.exit(f"dist/sbom.json is not CycloneDX 1.6: {fault}")


if __name__ == "__main__":
    written = current()
    _check(written)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written, encoding="utf-8")
    print(f"Wrote dist/sbom.json: {written.count('purl')} components")  # noqa: T201 - an answer
