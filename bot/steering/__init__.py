"""How staff steer the bot: the off switch, the notice to everybody."""
