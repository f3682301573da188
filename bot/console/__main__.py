"""Runs the console: brings its tables up to date, follows the conversations, serves the pages. `dalil run` starts it."""

from __future__ import annotations

import logging

from bot import logs
from bot.console.server import serve
from bot.environment import collect_seldom
from bot.settings import settings

if __name__ == "__main__":
    collect_seldom()
    logging.basicConfig(level=logging.WARNING)
    logs.set_up(settings())
    serve()
