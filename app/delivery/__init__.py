"""From a letter to a mail, and from a mail to the server: one function per mail, one way out."""
