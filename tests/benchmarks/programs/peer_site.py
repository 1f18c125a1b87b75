"""A site with django-newsletter, as `startproject` makes one, on SQLite with the settings that suit it best.

Runs in an environment of its own. As a program it makes the database; as a module it is the WSGI application `app`.
"""

import os

import django  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]
from django.core.management import call_command  # type: ignore[import-not-found]
from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]
from django.urls import include, path  # type: ignore[import-not-found]

settings.configure(
    DEBUG=False,
    SECRET_KEY="a key of the benchmark and nobody else",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SITE_ID=1,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.sites",
        "sorl.thumbnail",
        "newsletter",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["PEER_DATABASE"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 10,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    EMAIL_BACKEND=f"django.core.mail.backends.{os.environ['PEER_MAIL']}.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["PEER_MAIL_PORT"]),
    NEWSLETTER_THUMBNAIL="sorl-thumbnail",
    NEWSLETTER_USE_HTTPS=False,
    # The default writes every failure of a mail to the console, with a traceback.
    LOGGING={"version": 1, "disable_existing_loggers": True},
)

django.setup()
urlpatterns = [path("newsletter/", include("newsletter.urls"))]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    from django.contrib.sites.models import Site  # type: ignore[import-not-found]
    from newsletter.models import Newsletter  # type: ignore[import-not-found]

    named = {"title": "News", "email": "news@voorbeeld.test", "sender": "News"}
    news, _ = Newsletter.objects.get_or_create(slug="news", defaults=named)
    news.site.set(Site.objects.all())
else:
    app = get_wsgi_application()
