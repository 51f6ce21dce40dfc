"""Functions of a Terraform configuration run only when the user says so."""

from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from tests.embedded.functions.deployed import ECHO, Client, Deployed

from revet.cli.configuration import Call
from revet.cli.project import Stack
from revet.embedded import start_daemon
from revet.embedded.daemon_record import functions_may_run, let_functions_run
from revet.rehearsal.disposable import copy_of


def test_no_function_runs_while_that_is_forbidden(state: Path, client_for: Client) -> None:
    let_functions_run(state, allowed=False)
    daemon = start_daemon(state)
    (state / "faults-expected").touch()
    deployed = Deployed(daemon, partial(client_for, daemon), "permission")
    name = deployed.function("f", ECHO)
    with pytest.raises(ClientError, match="`--allow-functions`"):
        deployed.call(name, {"a": 1})
    deployed.start(name)
    assert "--allow-functions" in str(deployed.notes("f"))
    assert deployed.logged("f") == []
    let_functions_run(state, allowed=True)
    assert deployed.call(name, {"a": 1}) == ({"a": 1}, "")


@pytest.mark.parametrize("said", [True, False])
def test_what_the_user_says_counts_for_terraform_configurations(
    said: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
) -> None:
    written = Stack("w", tmp_path, terraform=tmp_path / "infra")
    assert Call(functions=said).may_run_functions(written) is said


def test_a_copy_of_an_embedded_aws_says_the_same(tmp_path: Path) -> None:
    for allowed in (False, True):
        shared, private = tmp_path / f"shared-{allowed}", tmp_path / f"private-{allowed}"
        let_functions_run(shared, allowed=allowed)
        assert functions_may_run(copy_of(shared, private)) is allowed
