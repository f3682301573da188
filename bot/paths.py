"""Where the project's files are: every module that reads data asks here, so that a test can point elsewhere."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
GUIDANCE = DATA / "guidance"
KNOWLEDGE = DATA / "knowledge"
LANGUAGE = DATA / "language"
NLU = DATA / "nlu"
PLACES = DATA / "places"
QUESTIONS = ROOT / "tests" / "questions"
