"""The staff's console: a Django project on the same database as the assistant."""
