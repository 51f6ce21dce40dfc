"""The elements that policies and statements have, and those that they must have."""

from __future__ import annotations

from revet.iam.document import ELEMENTS, STATEMENT_ELEMENTS
from revet.iam.policy_type import WITH_PRINCIPAL, WITH_RESOURCE, PolicyType
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.principal_elements import PRINCIPAL_ELEMENTS
from revet.iam.validate.written import WrittenPolicy, WrittenStatement


@check(Level.WARNING)
def missing_version(policy: WrittenPolicy) -> Hits:
    """A policy says which version of the policy language it is written in.

    No element `Version`; AWS then reads the policy as one of 2008-10-17, without variables.
    """
    if "Version" not in policy.elements:
        yield hit(
            "The policy has no Version, so that newer features such as variables do not work in "
            "it. Add 2012-10-17.",
            policy.place,
        )


@check(Level.ERROR)
def missing_statement(policy: WrittenPolicy) -> Hits:
    """A policy has at least one statement.

    No element `Statement`, or an empty list; AWS documents only the first.
    """
    value = policy.elements.get("Statement")
    if value is None:
        yield hit("The policy has no statement. Add the element Statement.", policy.place)
    elif value.is_empty_list:
        yield hit("The policy has no statement. Add one to the list.", value.place)


@check(Level.ERROR)
def missing_effect(statement: WrittenStatement) -> Hits:
    """Every statement says whether it allows or denies.

    No element `Effect`.
    """
    if "Effect" not in statement.elements:
        yield hit("Add the element Effect with Allow or Deny.", statement.place)


@check(Level.ERROR)
def missing_action(statement: WrittenStatement) -> Hits:
    """Every statement says which actions it is about.

    Neither `Action` nor `NotAction`.
    """
    if "Action" not in statement.elements and "NotAction" not in statement.elements:
        yield hit("The statement names no actions. Add Action or NotAction.", statement.place)


_WITHOUT_RESOURCE = {
    "AWS::ECR::Repository": "ecr",
    "AWS::ECR::PublicRepository": "ecr-public",
    "AWS::EFS::FileSystem": "elasticfilesystem",
}
"""Resources whose policies are about themselves alone and need not name them, with the service.

Source: Amazon ECR User Guide, "Private repository policies"; Amazon ECR Public User Guide,
"Repository policies"; Amazon EFS User Guide, "Using IAM to control file system data access"
(default file system policy). AWS's ValidatePolicy does not know these types of resources.
"""
_THEIR_SERVICES = frozenset(_WITHOUT_RESOURCE.values())


@check(Level.ERROR, types=WITH_RESOURCE)
def missing_resource(statement: WrittenStatement) -> Hits:
    """Every statement says which resources it is about, except in a role's trust policy.

    Neither `Resource` nor `NotResource`.

    Where it is not known what a resource policy is attached to, the actions of all its statements
    say to which service it belongs.
    """
    if "Resource" in statement.elements or "NotResource" in statement.elements:
        return
    policy = statement.policy
    if policy.resource_type in _WITHOUT_RESOURCE:
        return
    if policy.type is PolicyType.RESOURCE and not policy.resource_type and _is_theirs(policy):
        return
    yield hit("The statement names no resources. Add Resource or NotResource.", statement.place)


def _is_theirs(policy: WrittenPolicy) -> bool:
    prefixes = {
        action.known.prefix.lower()
        for statement in policy.statements
        for action in statement.actions
        if action.text != "*"
    }
    return bool(prefixes) and prefixes <= _THEIR_SERVICES


@check(
    Level.ERROR,
    types=WITH_PRINCIPAL | {PolicyType.RCP},
    source="AWS Organizations User Guide, RCP syntax",
)
def missing_principal(statement: WrittenStatement) -> Hits:
    """Every statement of a policy that belongs to a resource says whom it is about.

    Neither `Principal` nor `NotPrincipal`, in resource, trust and resource control policies.
    """
    if not any(name in statement.elements for name in PRINCIPAL_ELEMENTS):
        yield hit("The statement names no principals. Add Principal.", statement.place)


_VERSIONS = ("2012-10-17", "2008-10-17")


@check(Level.ERROR)
def invalid_version(policy: WrittenPolicy) -> Hits:
    """`Version` is one of the two versions of the policy language.

    A string that is neither; another JSON type is `DATA_TYPE_MISMATCH`.
    """
    version = policy.string_of("Version")
    if version is not None and version not in _VERSIONS and not has_symbol(version):
        yield hit(
            f"There is no version {quoted(version)} of the policy language. Use 2012-10-17.",
            policy.elements["Version"].place,
        )


@check(Level.ERROR)
def invalid_effect(statement: WrittenStatement) -> Hits:
    """`Effect` is `Allow` or `Deny`, in exactly this case.

    A string that is neither; another JSON type is `DATA_TYPE_MISMATCH`.
    """
    if statement.effect and statement.effect not in ("Allow", "Deny"):
        yield hit(
            f"The effect {statement.effect} does not exist. Use Allow or Deny.",
            statement.elements["Effect"].place,
        )


_STATEMENT_ELEMENTS = frozenset(STATEMENT_ELEMENTS)


@check(Level.ERROR)
def invalid_policy_element(policy: WrittenPolicy) -> Hits:
    """Policies and statements have only the elements that the policy language knows.

    Names are compared with their case: `action` is not an element.
    """
    for key in policy.keys:
        if key.name not in ELEMENTS:
            yield hit(
                f"A policy has no element {quoted(key.name)}. Use {', '.join(ELEMENTS)}.",
                key.place,
            )
    for statement in policy.statements:
        if not _STATEMENT_ELEMENTS.issuperset(statement.elements):
            for key in statement.keys:
                if key.name not in _STATEMENT_ELEMENTS:
                    yield hit(
                        f"A statement has no element {quoted(key.name)}. Remove it, or correct "
                        "its spelling and case.",
                        key.place,
                    )


_PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))


@check(Level.ERROR)
def unsupported_element_combination(statement: WrittenStatement) -> Hits:
    """A statement has an element or its negation, not both.

    `Action` with `NotAction`, and likewise for `Resource` and `Principal`.
    """
    for name, negation in _PAIRS:
        if negation in statement.elements and name in statement.elements:
            yield hit(
                f"{name} and {negation} exclude each other. Keep one of them in the statement.",
                statement.elements[name].place,
                statement.elements[negation].place,
            )
