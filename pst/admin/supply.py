"""What the service is made of: a bill of materials, and known holes in it."""

import hashlib
import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from pst import clock
from pst.config import ROOT

LOCK = ROOT / "requirements.lock"
VENDOR = ROOT / "pst" / "static" / "vendor"
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# One question for all parts at once: https://google.github.io/osv.dev/post-v1-querybatch
ADVISORIES = "https://api.osv.dev/v1/querybatch"
PATIENCE_S = 10


@dataclass
class Part:
    """One package of others that the service is made of."""

    name: str
    version: str
    kind: str = "pypi"
    hashes: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        """Name it as advisories and other bills of materials do."""
        return f"pkg:{self.kind}/{self.name}@{self.version}"

    @property
    def licence(self) -> str:
        if self.kind == "npm":
            return "0BSD"
        try:
            facts = metadata.metadata(self.name).json
        except metadata.PackageNotFoundError:
            return ""
        named = facts.get("license_expression") or facts.get("license") or ""
        return str(named)[:100]


def parts() -> list[Part]:
    """List every locked package, and the scripts that are shipped."""
    return [*_locked(LOCK.read_text()), *_vendored()]


def bill() -> dict[str, Any]:
    """Write the bill of materials (CycloneDX 1.5)."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": clock.now().isoformat(timespec="seconds"),
            "component": {"type": "application", "name": "pst"},
        },
        "components": [_component(part) for part in parts()],
    }


def known_holes(url: str = ADVISORIES) -> dict[str, list[str]]:
    """Ask for advisories about our parts; raise `OSError` when no source answers."""
    every_part = parts()
    queries = [{"package": {"purl": part.purl}} for part in every_part]
    request = urllib.request.Request(
        url,
        json.dumps({"queries": queries}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        results = json.load(answer)["results"]
    return {
        part.purl: [hole["id"] for hole in result["vulns"]]
        for part, result in zip(every_part, results, strict=True)
        if result.get("vulns")
    }


def _locked(text: str) -> Iterator[Part]:
    part = None
    for line in text.splitlines():
        if pin := PINNED.match(line):
            if part:
                yield part
            part = Part(pin[1].lower(), pin[2])
        elif part and (sha256 := HASH.search(line)):
            part.hashes.append(sha256[1])
    if part:
        yield part


def _vendored() -> Iterator[Part]:
    for folder in sorted(VENDOR.iterdir()):
        name, _, version = folder.name.rpartition("-")
        hashes = [_hash(path) for path in sorted(folder.glob("*.js"))]
        yield Part(f"{name}.org" if name == "htmx" else name, version, "npm", hashes)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _component(part: Part) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "hashes": [{"alg": "SHA-256", "content": each} for each in part.hashes],
    }
    if part.licence:
        component["licenses"] = [{"license": {"name": part.licence}}]
    return component
