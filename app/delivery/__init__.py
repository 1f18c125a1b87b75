"""From the context of a mail to the mail, and from a mail to the server: one template per mail, one way out."""
