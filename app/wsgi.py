"""The application for another WSGI server, as `akkoord.wsgi:app`. Settings come from the environment.

`akkoord serve` is the ordinary way. This one puts the definitions into service in each process that imports it.
"""

from . import languages, paths
from .config import FORMS_DIR_MEANS, BadSetting, Settings
from .factory import create_app
from .services import publishing
from .services.context import Context

_settings = Settings.from_environment()
if _settings.FORMS_DIR is None:
    raise BadSetting("FORMS_DIR", f"is needed: {FORMS_DIR_MEANS}")
languages.check_catalogues(paths.TRANSLATIONS, languages.LANGUAGES)  # before a notice is stored in one
_ctx = Context.open(_settings)
publishing.publish(_ctx, _settings.FORMS_DIR)
app = create_app(_settings, ctx=_ctx)
_ctx.database.engine.dispose()  # a server may fork now, and no connection outlives that
