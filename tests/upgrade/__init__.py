"""Databases as earlier releases left them, and what becomes of them in this one."""
