"""Database instances lie in subnets that no internet gateway reaches."""

from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.ec2 import read_routes
from revet.verify.reading.rds import read_db_instance
from revet.verify.subject import Subject


@live_check(
    control="rds-instance-private-subnets",
    resource="aws_db_instance",
    actions=("ec2:DescribeRouteTables", "ec2:DescribeSubnets", "rds:DescribeDBInstances"),
    parts=(
        "aws_db_subnet_group",
        "aws_default_route_table",
        "aws_main_route_table_association",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_subnet",
    ),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """No subnet of its group routes to an internet gateway or gives out public addresses."""
    group = read_db_instance(subject, reader).get("DBSubnetGroup", {})
    subnets = [subnet["SubnetIdentifier"] for subnet in group.get("Subnets", ())]
    if not subnets:
        return noncompliant("it is in no subnet group with subnets")
    described = reader.call(
        "ec2", "describe_subnets", region=subject.region, SubnetIds=subnets
    ).get("Subnets", ())
    giving = [one["SubnetId"] for one in described if one.get("MapPublicIpOnLaunch", False)]
    if giving:
        return noncompliant(
            f"give out public addresses: {', '.join(f'`{subnet}`' for subnet in giving)}"
        )
    public = [
        subnet
        for subnet in subnets
        if any(
            str(route.get("GatewayId", "")).startswith("igw-")
            for route in read_routes(reader, subnet, group["VpcId"], subject.region)
        )
    ]
    if public:
        return noncompliant(
            f"routes to an internet gateway: {', '.join(f'`{subnet}`' for subnet in public)}"
        )
    return compliant(f"none of its {len(subnets)} subnets routes to an internet gateway")
