"""Write what is known of AWS's own managed policies by their names.

Run it with a newer moto, look at the difference, commit it:

    python scripts/update_aws_policies.py

It takes AWS's policies from moto, which copies them from AWS, and writes
`src/revet/iam/reference/data/aws_managed_policies.json`: the documents of those that others are
measured by, and the paths and names of all the rest, of which none allows everything.
`tests/iam/reference/test_aws_policies.py` proves the latter.
"""

from __future__ import annotations

import json
from pathlib import Path

from moto.iam.aws_managed_policies import aws_managed_policies_data

TARGET = Path(__file__).parents[1] / "src/revet/iam/reference/data/aws_managed_policies.json"
KEPT = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")


def main() -> None:
    """Read moto's copy and write ours."""
    policies = json.loads(aws_managed_policies_data)
    names = sorted(f"{policy['Path'].lstrip('/')}{name}" for name, policy in policies.items())
    content = {
        "about": "AWS-managed policies: documents of some, path and name of all",
        "source": "AWS Managed Policy Reference Guide, as moto copies it from IAM",
        "date": max(policy["UpdateDate"] for policy in policies.values())[:10],
        "documents": {name: policies[name]["Document"] for name in KEPT},
        "names": [name for name in names if name not in KEPT],
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{len(names)} policies in {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
