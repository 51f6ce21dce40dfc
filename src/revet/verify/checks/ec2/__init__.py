"""Live checks of EC2."""
