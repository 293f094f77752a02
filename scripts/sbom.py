"""Write the bill of materials of the package, CycloneDX 1.5, from what the dependencies resolve to.

    uv export --format cyclonedx1.5 … | python scripts/sbom.py >sbom.cdx.json

Same dependencies, same bytes: without clock, random numbers and addresses of package registries.
Digests of the distributions stand in requirements.txt.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from dependencies import listed

Json = dict[str, Any]
VENDOR = Path(__file__).resolve().parents[1] / "src/urbanlayer/publish/page/vendor"


def main() -> int:
    """Print the bill and return the exit code."""
    print(json.dumps(bill(json.load(sys.stdin), listed()), indent=1, ensure_ascii=False))
    return 0


def bill(exported: Json, licences: dict[str, str]) -> Json:
    """Bill of materials whose references are package URLs.

    Parameters
    ----------
    exported
        What uv exports.
    licences
        SPDX identifier of each package whose licence is known.
    """
    root = exported["metadata"]["component"]
    urls = {part["bom-ref"]: part["purl"] for part in exported["components"]}
    urls[root["bom-ref"]] = f"pkg:pypi/{root['name']}@{root['version']}"
    vendored = leaflet()
    components = [
        _component(part["name"], part["version"], part["purl"], licences.get(part["name"]))
        for part in exported["components"]
    ]
    needs = {
        urls[entry["ref"]]: {urls[ref] for ref in entry.get("dependsOn", []) if ref in urls}
        for entry in exported["dependencies"]
        if entry["ref"] in urls
    }
    needs.setdefault(urls[root["bom-ref"]], set()).add(vendored["purl"])
    about = _component(root["name"], root["version"], urls[root["bom-ref"]], "BSD-3-Clause")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**about, "type": "application"}},
        "components": sorted([*components, vendored], key=lambda part: part["purl"]),
        "dependencies": [{"ref": ref, "dependsOn": sorted(needs[ref])} for ref in sorted(needs)],
    }


def leaflet() -> Json:
    """The component that lies in the package itself, with the digest of each file."""
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    found = re.search(r"`leaflet` (\d+\.\d+\.\d+) \(([\w-]+)\)", readme)
    if found is None:
        raise SystemExit(f"{VENDOR / 'README.md'}: names no version of leaflet")
    digests = json.loads((VENDOR / "digests.json").read_text(encoding="utf-8"))
    files = [
        {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}
        for name, digest in sorted(digests.items())
    ]
    part = _component("leaflet", found[1], f"pkg:npm/leaflet@{found[1]}", found[2])
    return {**part, "components": files}


def _component(name: str, version: str, purl: str, licence: str | None) -> Json:
    """One package."""
    part = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    return {**part, "licenses": [{"license": {"id": licence}}]} if licence else part


if __name__ == "__main__":
    sys.exit(main())
