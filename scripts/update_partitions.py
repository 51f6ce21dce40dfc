"""Write the regions by partition and the partitions by service, from the installed botocore.

    python -m scripts.update_partitions

Look at the difference, commit it. The package itself never imports botocore.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import botocore

from revet.iam.reference.services import services

DATA = Path(__file__).parents[1] / "src/revet/iam/reference/data"
BOTOCORE = Path(botocore.__file__).parent / "data"


def main() -> None:
    """Write both files and say how much is in them."""
    written = {"date": str(dt.datetime.now(tz=dt.UTC).date())}
    partitions = [
        {
            "id": row["id"],
            "dns_suffix": row["outputs"]["dnsSuffix"],
            "regions": sorted(name for name in row["regions"] if not name.endswith("-global")),
        }
        for row in read(BOTOCORE / "partitions.json")["partitions"]
    ]
    head = {"source": f"`partitions.json` of botocore {botocore.__version__}", **written}
    lines = [json.dumps(row) for row in partitions]
    write("partitions.json", head, '"partitions": [', lines, "]")
    found = service_partitions()
    head = {
        "about": "where a service has endpoints; one that is missing here is not known, not absent",
        "source": f"`endpoints.json` of botocore {botocore.__version__}, joined by signing name "
        "and endpoint prefix",
        **written,
    }
    lines = [f"{json.dumps(name)}: {json.dumps(' '.join(ids))}" for name, ids in found.items()]
    write("service_partitions.json", head, '"services": {', lines, "}")
    print(f"{len(partitions)} partitions, {len(found)} services")


def service_partitions() -> dict[str, list[str]]:
    """Prefix of a service to the partitions that it has endpoints in."""
    by_endpoint: dict[str, list[str]] = defaultdict(list)
    for partition in read(BOTOCORE / "endpoints.json")["partitions"]:
        for endpoint in partition["services"]:
            by_endpoint[endpoint].append(partition["partition"])
    endpoints = endpoint_prefixes()
    found = {}
    for prefix in sorted(services()):
        ids = {each for name in endpoints[prefix] | {prefix} for each in by_endpoint[name]}
        if ids:
            found[prefix] = sorted(ids)
    return found


def endpoint_prefixes() -> dict[str, set[str]]:
    """Signing name or endpoint prefix to the endpoint prefixes that go with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in sorted(BOTOCORE.iterdir()):
        models = sorted(folder.glob("*/service-2.json.gz"))
        if models:
            metadata = json.loads(gzip.decompress(models[-1].read_bytes()))["metadata"]
            prefix = metadata["endpointPrefix"]
            found[metadata.get("signingName") or prefix].add(prefix)
            found[prefix].add(prefix)
    return found


def read(path: Path) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """One JSON file."""
    return json.loads(path.read_bytes())


def write(name: str, head: dict[str, str], opening: str, lines: list[str], closing: str) -> None:
    """One data file with a line for each row, so that differences can be read."""
    body = ",\n".join(f"  {line}" for line in lines)
    text = f"{json.dumps(head, indent=1)[:-2]},\n {opening}\n{body}\n {closing}\n}}\n"
    (DATA / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
