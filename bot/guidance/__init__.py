"""The journeys' logic: which form, which steps, which money, which training. Pure: no Rasa, no database, no network."""
