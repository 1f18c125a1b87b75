"""What is declared: the keys of a definition, the values that they take, and what to say where a file differs."""
