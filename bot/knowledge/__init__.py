"""The facts: record types, loading and validation, search, choice of an answer. Pure; nothing here knows Rasa."""

from bot.knowledge.records import Aspect, KnowledgeError, Record, Subject
from bot.knowledge.store import Knowledge, load

__all__ = ["Aspect", "Knowledge", "KnowledgeError", "Record", "Subject", "load"]
