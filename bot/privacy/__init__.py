"""What is known of a person, and how little: pseudonyms and redaction."""
