"""What is kept, and where: SQLAlchemy Core over SQLite or PostgreSQL. Functions take a connection and never commit."""
