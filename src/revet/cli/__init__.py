"""cli."""


def main() -> None:
    """Start."""
