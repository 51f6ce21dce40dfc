"""Write the regions by partition, from the installed botocore.

    python -m scripts.update_partitions

Look at the difference, commit it. The package itself never imports botocore.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import botocore

DATA = Path(__file__).parents[1] / "src/revet/iam/reference/data"
BOTOCORE = Path(botocore.__file__).parent / "data"


def main() -> None:
    """Write the file and say how much is in it."""
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
    print(f"{len(partitions)} partitions")


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
