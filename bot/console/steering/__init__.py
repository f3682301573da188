"""Notice, off switch, retention, erasure."""
