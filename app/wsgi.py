"""The application for another WSGI server, as `akkoord.wsgi:app`. Settings come from the environment."""

from .config import Settings
from .factory import create_app

app = create_app(Settings.from_environment())
