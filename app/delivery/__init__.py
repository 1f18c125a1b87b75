"""From the context of a mail to the mail, and from a mail to the server: one function per mail, one way out."""
