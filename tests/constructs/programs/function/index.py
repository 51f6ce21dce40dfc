"""A function that answers that it is there."""


def handler(event: object, context: object) -> dict[str, object]:
    """Answer."""
    del event, context
    return {"statusCode": 200, "body": "{}"}
