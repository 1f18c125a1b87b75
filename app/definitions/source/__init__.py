"""What is read: files of a forms folder, and their YAML with the line and column of every value."""
