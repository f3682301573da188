"""The tables as release 0.1.0 made them: there is nothing to do, the number says that they are there."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing."""
