"""The ways in: each verifies, parses and sends. One module an outside service."""
