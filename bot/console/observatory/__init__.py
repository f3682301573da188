"""The observatory's data (bot/observatory): months counted, published once, handed out."""
