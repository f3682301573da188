"""Custom actions: thin. Read the tracker, ask bot.knowledge, say it."""
