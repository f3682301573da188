"""Telegram, over python-telegram-bot's `Bot`."""
