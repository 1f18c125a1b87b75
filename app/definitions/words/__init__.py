"""What a text says: its words in a form in which spelling does not count, and the concepts that are met in it."""
