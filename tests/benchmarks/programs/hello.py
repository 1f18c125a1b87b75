"""The floor under every page: the smallest Flask application there is."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """A greeting."""
    return "hello"
