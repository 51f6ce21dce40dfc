"""The environment of a function: what Lambda defines, the function's own, and nothing else.

Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from revet.embedded.call import Session
from revet.embedded.functions.definition import Definition

_GATEWAY = "http://127.0.0.1:{port}"
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")
"""Their texts hold `{port}`, of the gateway as the process reaches it."""


def variables(
    definition: Definition, session: Session, stream: str, task: Path, ca_path: Path
) -> dict[str, str]:
    """The variables of a process.

    Args:
        definition: what it runs.
        session: of the function's role.
        stream: name of its log stream.
        task: folder of its code.
        ca_path: certificate of the authority that signs the gateway's hosts.
    """
    scratch = task.parent / "tmp"
    scratch.mkdir(exist_ok=True)
    return {
        **definition.variables,
        "_HANDLER": definition.handler,
        "AWS_ACCESS_KEY_ID": session.access_key,
        "AWS_SECRET_ACCESS_KEY": session.secret,
        "AWS_SESSION_TOKEN": session.token,
        "AWS_REGION": definition.region,
        "AWS_DEFAULT_REGION": definition.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{definition.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": definition.name,
        "AWS_LAMBDA_FUNCTION_VERSION": definition.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(definition.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": definition.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "LAMBDA_TASK_ROOT": str(task),
        "LAMBDA_RUNTIME_DIR": str(task.parent / "runtime"),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
        **dict.fromkeys(PROXIES, _GATEWAY),
        "NO_PROXY": "",
        "no_proxy": "",
        "AWS_CA_BUNDLE": str(ca_path),
        "SSL_CERT_FILE": str(ca_path),
        "REQUESTS_CA_BUNDLE": str(ca_path),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
