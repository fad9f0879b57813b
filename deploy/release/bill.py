"""The bill of materials (CycloneDX): the packages, and what their wheels carry.

Wheels tell in `.dist-info/sboms/` (PEP 770) which libraries and crates they hold.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.release.version import Refused
from deploy.release.wheels import key_of
from pst.admin import supply

Component = dict[str, Any]
SCRIPTS_LICENCE = "0BSD"
KEPT = ("type", "name", "version", "purl", "cpe", "licenses", "hashes")


def written(root: Path, lock: str, folder: Path) -> bytes:
    """Return the bill as JSON, the same for the same parts."""
    bill = of_lock(root, lock)
    parts = {
        (each["name"].lower(), each["version"]): each for each in bill["components"]
    }
    for path in sorted(folder.glob("*.whl")):
        part = parts[key_of(path)]
        components = part.setdefault("components", [])
        components += [each for each in carried(path) if each not in components]
    for part in bill["components"]:
        part.pop("description", None)
        if not part.get("components", True):
            del part["components"]
    bill["components"] += scripts()
    return f"{json.dumps(bill, indent=1, sort_keys=True)}\n".encode()


def of_lock(root: Path, lock: str) -> dict[str, Any]:
    """Let `cyclonedx-py` write what the lock names."""
    how = ["--output-reproducible", "--sv", "1.6", "--of", "JSON", "-o", "-", "-"]
    result = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements"]
        + ["--pyproject", str(root / "pyproject.toml"), *how],
        input=lock,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise Refused(f"cyclonedx-py failed:\n{result.stderr.strip()[-2000:]}")
    return json.loads(result.stdout)


def carried(wheel: Path) -> Iterator[Component]:
    """Yield the parts that a wheel says it holds."""
    with zipfile.ZipFile(wheel) as file:
        for name in sorted(file.namelist()):
            if ".dist-info/sboms/" in name and name.endswith(".json"):
                document = json.loads(file.read(name))
                if document.get("bomFormat") == "CycloneDX":
                    yield from _flat(document.get("components", []))


def _flat(components: list[Component]) -> Iterator[Component]:
    for each in components:
        yield {name: each[name] for name in KEPT if name in each}
        yield from _flat(each.get("components", []))


def scripts() -> list[Component]:
    """Return the scripts of others that our pages load."""
    return [
        {
            "type": "library",
            "name": part.name,
            "version": part.version,
            "purl": part.purl,
            "hashes": [{"alg": "SHA-256", "content": each} for each in part.hashes],
            "licenses": [{"license": {"name": SCRIPTS_LICENCE}}],
        }
        for part in supply.scripts()
    ]
