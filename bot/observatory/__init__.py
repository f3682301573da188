"""The observatory's data: what founders ask, by month, in tables from which nobody can be singled out.

Pure: neither Django nor Rasa. docs/decisions/0009-observatory.md says which tables there are, and why they are safe.
"""
