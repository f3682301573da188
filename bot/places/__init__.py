"""Places and offices: regions, provinces and towns, who has an office where, and which is in charge of a place. Pure, no Rasa."""
