"""The managed rule for tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from revet.embedded.call import Moto
from revet.embedded.managed_rules.rule import (
    Finding,
    ManagedRule,
    Parameters,
    Place,
    Subject,
    complies,
    listed,
)

_KEYS = ("tag1Key", "tag2Key", "tag3Key", "tag4Key", "tag5Key", "tag6Key")
_VALUES = ("tag1Value", "tag2Value", "tag3Value", "tag4Value", "tag5Value", "tag6Value")
"""The parameters with the keys of tags, and those with the values that each may have."""
Tags = Mapping[str, str]
Tagged = Iterator[tuple[str, str, Tags]]


def _pairs(tags: Moto, key: str = "Key", value: str = "Value") -> Tags:
    return {one[key]: one.get(value) or "" for one in tags or ()}


def _buckets(place: Place) -> Tagged:
    backend = place.global_backend("s3")
    for bucket in backend.buckets.values():
        if bucket.region_name == place.region:
            found = backend.tagger.list_tags_for_resource(bucket.arn)["Tags"]
            yield "AWS::S3::Bucket", bucket.name, _pairs(found)


def _tables(place: Place) -> Tagged:
    for table in place.backend("dynamodb").tables.values():
        yield "AWS::DynamoDB::Table", table.name, _pairs(table.tags)


def _databases(place: Place) -> Tagged:
    for database in place.backend("rds").databases.values():
        yield "AWS::RDS::DBInstance", database.dbi_resource_id, _pairs(database.tags)


def _subnet_groups(place: Place) -> Tagged:
    for group in place.backend("rds").subnet_groups.values():
        yield "AWS::RDS::DBSubnetGroup", group.name, _pairs(group.tags)


def _of_networks(place: Place) -> Tagged:
    backend = place.backend("ec2")
    groups = chain.from_iterable(one.values() for one in backend.groups.values())
    subnets = chain.from_iterable(one.values() for one in backend.subnets.values())
    found: Mapping[str, Moto] = {
        "AWS::EC2::InternetGateway": backend.internet_gateways.values(),
        "AWS::EC2::NetworkAcl": backend.network_acls.values(),
        "AWS::EC2::NetworkInterface": backend.enis.values(),
        "AWS::EC2::RouteTable": backend.route_tables.values(),
        "AWS::EC2::SecurityGroup": groups,
        "AWS::EC2::Subnet": subnets,
        "AWS::EC2::VPC": backend.vpcs.values(),
        "AWS::EC2::Volume": backend.volumes.values(),
    }
    for kind, things in found.items():
        for thing in things:
            yield kind, thing.id, _pairs(thing.get_tags(), "key", "value")


_LISTERS: tuple[Callable[[Place], Tagged], ...] = (
    _buckets,
    _tables,
    _databases,
    _subnet_groups,
    _of_networks,
)
TYPES = (
    "AWS::DynamoDB::Table",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::Volume",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSubnetGroup",
    "AWS::S3::Bucket",
)
"""The types of the rule that are looked at here; AWS has more."""


def _subjects(place: Place) -> Iterator[Subject]:
    for lister in _LISTERS:
        for kind, name, tags in lister(place):
            yield Subject(kind, name, tags)


def _has_tags(resource: Subject, parameters: Parameters, _place: Place) -> Finding:
    """Keys and values are compared as they are, letter for letter."""
    missing = []
    for parameter, allowed in zip(_KEYS, _VALUES, strict=True):
        key = parameters.get(parameter)
        if key is None:
            continue
        values = listed(parameters.get(allowed))
        given = resource.thing.get(key)
        if given is None or (values and given not in values):
            missing.append(key)
    return complies(not missing, f"Required tags are missing, or have another value: {missing}.")


RULES: Mapping[str, ManagedRule] = {
    "REQUIRED_TAGS": ManagedRule(
        "",
        _subjects,
        _has_tags,
        (*_KEYS, *_VALUES),
        TYPES,
    ),
}
