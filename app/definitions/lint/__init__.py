"""What is checked: each module finds faults of one kind, and `validate` runs them over a file or a folder."""
