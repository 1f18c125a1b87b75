"""The public pages. A view reads, calls one service, and redirects or renders."""
