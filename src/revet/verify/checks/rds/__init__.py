"""Live checks of RDS."""
