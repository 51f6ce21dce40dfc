"""Small inputs that ask for much work: each is a kind that once took seconds, minutes or for ever.

`python benchmarks/run.py hostile` prints what each takes; the tests count steps on the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
FORMAT = "1.2"


def plan(changes: list[Json], root: Json, *, variables: Mapping[str, Any] | None = None) -> Json:
    """A plan's JSON around resource changes and a root module's configuration."""
    return {
        "format_version": FORMAT,
        "terraform_version": "1.14.0",
        "complete": True,
        "errored": False,
        "applyable": True,
        "planned_values": {"root_module": {}},
        "variables": {name: {"value": value} for name, value in (variables or {}).items()},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}
            },
            "root_module": root,
        },
    }


def change(
    address: str, after: Json, unknown: Json | None = None, *, index: str | int | None = None
) -> Json:
    """A resource that is created."""
    plain = address.partition("[")[0] if index is not None else address
    module, _, own = plain.rpartition("module.")
    if module or own != plain:
        step, *rest = own.split(".")
        module_address, kind, name = f"{module}module.{step}", rest[0], rest[1]
    else:
        module_address = ""
        kind, name = plain.split(".")
    found: Json = {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": after,
            "after_unknown": unknown or {},
            "before_sensitive": False,
            "after_sensitive": {},
        },
    }
    if module_address:
        found["module_address"] = module_address
    if index is not None:
        found["index"] = index
    return found


def written(address: str, expressions: Json, **more: Any) -> Json:  # noqa: ANN401 - Terraform's own
    """A resource of a module's configuration."""
    kind, name = address.split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_config_key": "aws",
        "expressions": expressions,
        "schema_version": 0,
        **more,
    }


def refers(*names: str) -> Json:
    """An expression of HCL syntax: what it refers to, and after an attribute its resource."""
    found: list[str] = []
    for name in names:
        found.append(name)
        if name.startswith(("aws_", "data.")) and name.count(".") > name.startswith("data.") + 1:
            found.append(name.rpartition(".")[0])
    return {"references": found}


def _versioned_bucket(expression: Json) -> tuple[list[Json], list[Json]]:
    """A bucket, and a resource whose `bucket` is an expression that is not known."""
    changes = [
        change("aws_s3_bucket.b", {"bucket": "b"}, {"id": True, "arn": True}),
        change(
            "aws_s3_bucket_versioning.v",
            {"versioning_configuration": [{"status": "Enabled"}]},
            {"bucket": True, "id": True},
        ),
    ]
    return changes, [
        written("aws_s3_bucket.b", {"bucket": {"constant_value": "b"}}),
        written("aws_s3_bucket_versioning.v", {"bucket": expression}),
    ]


def nested_variable(depth: int, references: int = 2) -> Json:
    """A variable handed down through nested modules, named several times a level."""
    path = ".".join(f"module.m{level}" for level in range(depth))
    inner: Json = {
        "resources": [written("aws_s3_bucket_versioning.v", {"bucket": refers("var.v")})],
        "variables": {"v": {}},
    }
    for level in reversed(range(depth)):
        source = ["aws_s3_bucket.b.id"] if level == 0 else ["var.v"] + ["var.w"] * (references - 1)
        call: Json = {"expressions": {"v": refers(*source), "w": refers(*source)}, "module": inner}
        inner = {"module_calls": {f"m{level}": call}, "variables": {"v": {}, "w": {}}}
    inner["resources"] = [written("aws_s3_bucket.b", {"bucket": {"constant_value": "b"}})]
    changes, _ = _versioned_bucket({})
    deep = change(
        f"{path}.aws_s3_bucket_versioning.v",
        {"versioning_configuration": [{"status": "Enabled"}]},
        {"bucket": True, "id": True},
    )
    deep.update(module_address=path, type="aws_s3_bucket_versioning", name="v")
    return plan([changes[0], deep], inner)


def templated_variable(depth: int) -> Json:
    """The same in JSON syntax: `${var.v}${var.v}` doubles the value at each level."""
    found = nested_variable(depth)
    module = found["configuration"]["root_module"]
    level = 0
    while "module_calls" in module:
        call = module["module_calls"][f"m{level}"]
        text = "${aws_s3_bucket.b.id}" if level == 0 else "${var.v}-${var.v}"
        call["expressions"] = {"v": {"constant_value": text}}
        module, level = call["module"], level + 1
    module["resources"][0]["expressions"]["bucket"] = {"constant_value": "${var.v}"}
    return found


def output_chain(depth: int) -> Json:
    """An output made of two outputs of an inner module, which are made of two, and so on."""
    changes, resources = _versioned_bucket(refers("module.m0.a", "module.m0.b"))
    inner: Json = {"outputs": {name: {"expression": refers("path.root")} for name in "ab"}}
    for level in reversed(range(depth)):
        names = [f"module.m{level}.a", f"module.m{level}.b"]
        inner = {
            "outputs": {name: {"expression": refers(*names)} for name in "ab"},
            "module_calls": {f"m{level}": {"module": inner}},
        }
    del inner["outputs"]
    return plan(changes, {"resources": resources, **inner})


def module_cycle() -> Json:
    """Two modules, each given what the other puts out, twice."""
    changes, resources = _versioned_bucket(refers("module.a.o"))
    calls = {
        one: {
            "expressions": {
                "v": refers(f"module.{other}.o", f"module.{other}.p"),
                "w": refers(f"module.{other}.p", f"module.{other}.o"),
            },
            "module": {
                "variables": {"v": {}, "w": {}},
                "outputs": {
                    "o": {"expression": refers("var.v", "var.w")},
                    "p": {"expression": refers("var.w", "var.v")},
                },
            },
        }
        for one, other in (("a", "b"), ("b", "a"))
    }
    return plan(changes, {"resources": resources, "module_calls": calls})


def deep_template(depth: int) -> Json:
    """`jsonencode` in `jsonencode` in …, as an expression of JSON syntax."""
    text = "aws_s3_bucket.b.id"
    for _ in range(depth):
        text = f'"${{jsonencode({{a = {text}}})}}"'
    changes, resources = _versioned_bucket({"constant_value": f"${{{text}}}"})
    return plan(changes, {"resources": resources})


def wide_template(count: int) -> Json:
    """One text with many interpolations."""
    changes, resources = _versioned_bucket({"constant_value": "${aws_s3_bucket.b.id}-" * count})
    return plan(changes, {"resources": resources})


def security_groups(count: int) -> Json:
    """Groups that are known in full, each with a block of ingress and one of egress."""
    changes, resources = [], []
    rule = {
        "cidr_blocks": ["10.0.0.0/16"], "description": "inside", "from_port": 443, "to_port": 443,
        "protocol": "tcp", "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [],
        "self": False,
    }  # fmt: skip
    for number in range(count):
        address = f"aws_security_group.g{number}"
        after = {"name": f"g{number}", "ingress": [rule], "egress": [rule], "tags": {"Owner": "x"}}
        changes.append(change(address, after, {"id": True, "arn": True}))
        block = {name: {"constant_value": value} for name, value in rule.items()}
        resources.append(
            written(
                address,
                {"name": {"constant_value": f"g{number}"}, "ingress": [block], "egress": [block]},
            )
        )
    return plan(changes, {"resources": resources})


def forgotten_rules(count: int) -> Json:
    """Groups, and as many rules that the plan forgets."""
    found = security_groups(count)
    for number in range(count):
        gone = change(f"aws_security_group_rule.r{number}", {})
        gone["change"].update(
            actions=["forget"], after=None, before={"security_group_id": f"sg-{number}"}
        )
        found["resource_changes"].append(gone)
    for number, item in enumerate(found["resource_changes"][:count]):
        item["change"]["after"]["id"] = f"sg-{number}"
        item["change"]["after_unknown"] = {}
    return found


def many_rules(count: int) -> Json:
    """One group with many blocks of ingress, one address unknown in each."""
    blocks, after, unknown = [], [], []
    for number in range(count):
        known = {"from_port": number, "to_port": number, "protocol": "tcp", "description": "x"}
        blocks.append(
            {name: {"constant_value": value} for name, value in known.items()}
            | {"security_groups": refers(f"aws_security_group.o{number}.id")}
        )
        after.append({**known, "cidr_blocks": ["10.0.0.0/8"]})
        unknown.append({"security_groups": True})
    resources = [written("aws_security_group.g", {"ingress": blocks})]
    body = {"name": "g", "ingress": after}
    return plan(
        [change("aws_security_group.g", body, {"id": True, "ingress": unknown})],
        {"resources": resources},
    )


def many_ranges(count: int) -> Json:
    """One rule with many ranges, which leave nothing out together."""
    ranges = [
        "0.0.0.0/1",
        "128.0.0.0/1",
        *(f"10.{n >> 8 & 255}.{n & 255}.0/24" for n in range(count)),
    ]
    rule = {"cidr_blocks": ranges, "from_port": 1, "to_port": 2, "protocol": "tcp"}
    resources = [
        written(
            "aws_security_group.g",
            {"ingress": [{name: {"constant_value": value} for name, value in rule.items()}]},
        )
    ]
    after = {"name": "g", "ingress": [rule]}
    return plan([change("aws_security_group.g", after, {"id": True})], {"resources": resources})


def fan_out(count: int, *, chained: bool = True) -> Json:
    """Buckets by `for_each`, and as many settings that refer to one (chained) or to all of them."""
    names = ["aws_s3_bucket.b"]
    expression = refers(*names, "each.key") if chained else refers(*names)
    changes = []
    for number in range(count):
        key = f"k{number}"
        for kind, after in (
            ("aws_s3_bucket", {"bucket": key}),
            (
                "aws_s3_bucket_versioning",
                {"versioning_configuration": [{"status": "Enabled"}]},
            ),
        ):
            item = change(
                f'{kind}.b["{key}"]', after, {"id": True, "bucket": kind != "aws_s3_bucket"},
                index=key,
            )  # fmt: skip
            changes.append(item)
    resources = [
        written(
            "aws_s3_bucket.b", {"bucket": refers("each.key")},
            for_each_expression=refers("var.n"),
        ),
        written(
            "aws_s3_bucket_versioning.b", {"bucket": expression},
            for_each_expression=refers("aws_s3_bucket.b"),
        ),
    ]  # fmt: skip
    return plan(changes, {"resources": resources, "variables": {"n": {}}})


def weak(count: int) -> Json:
    """Buckets, and as many settings of which nobody can say whose they are."""
    changes, resources = [], []
    for number in range(count):
        changes.append(change(f"aws_s3_bucket.b{number}", {}, {"id": True, "bucket": True}))
        resources.append(written(f"aws_s3_bucket.b{number}", {"bucket": refers("var.x")}))
        name = f"aws_s3_bucket_versioning.v{number}"
        changes.append(
            change(name, {"versioning_configuration": [{"status": "Enabled"}]}, {"bucket": True})
        )
        other = (number + 1) % count
        pair = refers(f"aws_s3_bucket.b{number}.id", f"aws_s3_bucket.b{other}.id")
        resources.append(written(name, {"bucket": pair}))
    return plan(changes, {"resources": resources, "variables": {"x": {}}})


def same_names(count: int) -> Json:
    """Buckets that all have one name, and settings that name it."""
    changes, resources = [], []
    for number in range(count):
        after = {"bucket": "same"}
        changes.append(change(f"aws_s3_bucket.b{number}", after, {"id": True}))
        resources.append(
            written(f"aws_s3_bucket.b{number}", {"bucket": {"constant_value": "same"}})
        )
        name = f"aws_s3_bucket_versioning.v{number}"
        changes.append(change(name, {"bucket": "same", "versioning_configuration": []}))
        resources.append(written(name, {"bucket": {"constant_value": "same"}}))
    return plan(changes, {"resources": resources})


def open_names(count: int) -> Json:
    """Buckets whose names are known after apply, and settings of buckets that the plan lacks."""
    changes, resources = [], []
    for number in range(count):
        name = f"aws_s3_bucket.b{number}"
        changes.append(change(name, {}, {"id": True, "bucket": True}))
        resources.append(written(name, {"bucket": refers("var.x")}))
        name = f"aws_s3_bucket_versioning.v{number}"
        changes.append(change(name, {"bucket": f"n{number}", "versioning_configuration": []}))
        resources.append(written(name, {"bucket": {"constant_value": f"n{number}"}}))
    return plan(changes, {"resources": resources, "variables": {"x": {}}})


def source_documents(depth: int) -> Json:
    """Policy documents as data sources, each made of the one before, twice."""
    changes, resources = _versioned_bucket({"constant_value": "b"})
    for number in range(depth):
        before = f"data.aws_iam_policy_document.d{number - 1}.json"
        sources = refers(before, before) if number else {"constant_value": []}
        item = written(
            f"aws_iam_policy_document.d{number}",
            {"source_policy_documents": sources, "override_policy_documents": sources},
        )
        item.update(mode="data", address=f"data.aws_iam_policy_document.d{number}")
        resources.append(item)
        data = change(
            f"aws_iam_policy_document.d{number}",
            {"statement": [{"actions": ["s3:GetObject"], "resources": ["*"], "effect": "Allow"}]},
            {"json": True, "source_policy_documents": True, "override_policy_documents": True},
        )
        data.update(mode="data", address=f"data.aws_iam_policy_document.d{number}")
        data["change"]["actions"] = ["read"]
        changes.append(data)
    changes.append(change("aws_iam_policy.p", {"name": "p"}, {"policy": True, "arn": True}))
    last = f"data.aws_iam_policy_document.d{depth - 1}.json"
    resources.append(written("aws_iam_policy.p", {"policy": refers(last)}))
    return plan(changes, {"resources": resources})


def document_cycle() -> Json:
    """Two policy documents, each made of the other."""
    found = source_documents(2)
    for item in found["configuration"]["root_module"]["resources"]:
        if item["address"] == "data.aws_iam_policy_document.d0":
            again = refers("data.aws_iam_policy_document.d1.json")
            item["expressions"] = {"source_policy_documents": again}
    return found


def units(count: int) -> Json:
    """Buckets as CDK Terrain writes them, each with its versioning and its policy."""
    changes, resources = [], []
    for number in range(count):
        name = f"u{number}"
        bucket = f"${{aws_s3_bucket.{name}.id}}"
        arn = f"${{aws_s3_bucket.{name}.arn}}"
        statement = {
            "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }  # fmt: skip
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        versioning = {"versioning_configuration": [{"status": "Enabled"}]}
        changes += [
            change(f"aws_s3_bucket.{name}", {"bucket": name}, {"id": True, "arn": True}),
            change(f"aws_s3_bucket_versioning.{name}", versioning, {"bucket": True, "id": True}),
            change(f"aws_s3_bucket_policy.{name}", {}, {"bucket": True, "policy": True}),
        ]
        to_bucket = {"constant_value": bucket}
        resources += [
            written(f"aws_s3_bucket.{name}", {"bucket": {"constant_value": name}}),
            written(f"aws_s3_bucket_versioning.{name}", {"bucket": to_bucket}),
            written(
                f"aws_s3_bucket_policy.{name}",
                {"bucket": to_bucket, "policy": {"constant_value": policy}},
            ),
        ]
    return plan(changes, {"resources": resources})


def _policy(**statement: Any) -> str:  # noqa: ANN401 - IAM's own
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]}
    )


def action_patterns(count: int) -> str:
    """Patterns for actions that fit nearly everything: `*???*`."""
    return _policy(Action=[f"*{'?' * (number % 7 + 3)}*{number}*" for number in range(count)])


def equal_patterns(count: int) -> str:
    """The same pattern many times."""
    return _policy(Action=["*???*"] * count)


def service_patterns(count: int) -> str:
    """Patterns with a service in front, as NotAction."""
    return _policy(NotAction=[f"*:*?{chr(97 + n % 26)}?*{n}" for n in range(count)])


def resource_patterns(count: int) -> str:
    """Resources with many wildcards, none of which covers another."""
    arns = [f"arn:aws:s3:::{'*?a' * 12}{number}*" for number in range(count)]
    return _policy(Action="s3:GetObject", Resource=arns)


def long_pattern(length: int) -> str:
    """`*?a*?a*…` beside a text that fits until its last character."""
    arns = ["arn:aws:s3:::" + "*?a" * length + "b", "arn:aws:s3:::" + "xa" * length * 2]
    return _policy(Action="s3:GetObject", Resource=arns)


def many_statements(count: int) -> str:
    """Statements that differ in one resource."""
    statements = [
        {"Sid": f"S{n}", "Effect": "Allow", "Action": ["s3:Get*", "s3:*?ut*"],
         "Resource": f"arn:aws:s3:::b{n}*/*",
         "Condition": {"StringLike": {"aws:username": f"*{n}?*"}}}
        for n in range(count)
    ]  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def many_conditions(count: int) -> str:
    """Values of one condition, with wildcards."""
    values = [f"*?{number}*?x*" for number in range(count)]
    return _policy(
        Action="s3:GetObject",
        Condition={
            "StringLike": {"aws:PrincipalArn": values},
            "ArnLike": {"aws:SourceArn": values},
        },
    )


def open_statements(count: int) -> str:
    """Statements with NotAction and wildcards."""
    statements = [
        {"Effect": "Allow", "NotAction": [f"*?{n}*", "iam:*?a*"], "NotResource": f"arn:*:*?{n}*"}
        for n in range(count)
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


PLANS: Mapping[str, Callable[[], Json]] = {
    "a variable through 18 modules": lambda: nested_variable(18),
    "a variable through 60 modules": lambda: nested_variable(60),
    "a text doubled by 18 modules": lambda: templated_variable(18),
    "a text doubled by 40 modules": lambda: templated_variable(40),
    "outputs through 18 modules": lambda: output_chain(18),
    "a cycle of modules": module_cycle,
    "jsonencode in jsonencode, 12 deep": lambda: deep_template(12),
    "20,000 interpolations in a text": lambda: wide_template(20_000),
    "5,000 security groups": lambda: security_groups(5_000),
    "2,000 groups, 2,000 forgotten rules": lambda: forgotten_rules(2_000),
    "1,000 rules in a group": lambda: many_rules(1_000),
    "5,000 ranges in a rule": lambda: many_ranges(5_000),
    "3,000 chained by for_each": lambda: fan_out(3_000),
    "3,000 that refer to all of 3,000": lambda: fan_out(3_000, chained=False),
    "3,000 that may be of two": lambda: weak(3_000),
    "3,000 of one name": lambda: same_names(3_000),
    "3,000 that may be any of 3,000": lambda: open_names(3_000),
    "18 documents, each twice in the next": lambda: source_documents(18),
    "a cycle of policy documents": document_cycle,
}
POLICIES: Mapping[str, Callable[[], str]] = {
    "100 actions like `*???*`": lambda: action_patterns(100),
    "100 actions `*???*`": lambda: equal_patterns(100),
    "500 patterns in NotAction": lambda: service_patterns(500),
    "500 resources with 24 wildcards": lambda: resource_patterns(500),
    "a resource with 10,000 wildcards": lambda: long_pattern(5_000),
    "1,000 statements": lambda: many_statements(1_000),
    "3,000 values of a condition": lambda: many_conditions(3_000),
    "300 statements with NotAction": lambda: open_statements(300),
}
