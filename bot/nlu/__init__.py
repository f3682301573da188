"""Rasa graph components: thin, each around one piece of bot.language or bot.knowledge."""
