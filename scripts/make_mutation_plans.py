"""Plan the mutated stacks whose plans in the repository are stale; all with `--all`.

    python -m scripts.make_mutation_plans [--all]

Needs Terraform and the AWS provider, as `revet rehearse` does; data sources are read from the
embedded AWS. Two to three seconds a stack: a dozen is planned at a time.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.mutations.mutation import load_suite, suites
from tests.mutations.planning import plan_together
from tests.mutations.stored import GOOD, sources_of, stale, store

from revet.target.embedded import EmbeddedTarget


def main() -> None:
    """Make the plans of every blueprint that has mutations."""
    for name in suites():
        suite = load_suite(name)
        wanted = stale(suite)
        if "--all" in sys.argv[1:]:
            wanted = (GOOD, *(mutation.id for mutation in suite.changes))
        if wanted:
            with tempfile.TemporaryDirectory() as folder:
                target = EmbeddedTarget(Path(folder) / "aws", region="us-west-2")
                target.start()
                try:
                    work = Path(folder) / "work"
                    work.mkdir()
                    plans = plan_together(sources_of(suite, wanted), target, work)
                finally:
                    target.stop()
                store(suite, plans)
        print(f"{name}: {len(wanted)} of {len(suite.changes) + 1} plans made")


if __name__ == "__main__":
    main()
