"""All settings, in one file. Each that a school may change is read from the environment as SCHOOLGATE_<NAME>.

docs/reference/settings.md lists them; a test compares the two.
"""

from pathlib import Path

from schoolgate import logs
from schoolgate.web import env

PACKAGE = Path(__file__).resolve().parent

# ── Where things lie ────────────────────────────────────────────────────────
DATA_DIR = env.folder("DIR", Path("var/school"))
KEYS_DIR = DATA_DIR / "keys"
BOARD_FILE = DATA_DIR / "gate" / "board"
RELEASES_DIR = DATA_DIR / "gate" / "releases"
LISTS_DIR = DATA_DIR / "gate" / "lists"
SPOOL_DIR = DATA_DIR / "gate" / "spool"
GATE_POLICY_FILE = DATA_DIR / "gate" / "policy.toml"

# ── The site ────────────────────────────────────────────────────────────────
SECRET_KEY = env.secret("SECRET_KEY", KEYS_DIR / "web.secret")
DEBUG = False
ALLOWED_HOSTS = env.words("HOSTS", "127.0.0.1,localhost,[::1]")
SCHOOL_NAME = env.text("SCHOOL_NAME", "")
SAFEGUARDING_PHONE = env.text("SAFEGUARDING_PHONE", "")
SOCIAL_CARE_PHONE = env.text("SOCIAL_CARE_PHONE", "")
CHAIR_PHONE = env.text("CHAIR_PHONE", "")
SITE_ADDRESS = env.text("ADDRESS", "http://127.0.0.1:8000")
PROXY_ADDRESS = env.text("PROXY_ADDRESS", "127.0.0.1:3128")
IS_HTTPS = SITE_ADDRESS.startswith("https://")
ROOT_URLCONF = "schoolgate.web.urls"
ASGI_APPLICATION = "schoolgate.web.asgi.application"

INSTALLED_APPS = [
    "schoolgate.web",
    "schoolgate.concerns",
    "schoolgate.technology",
    "schoolgate.monitoring",
    "schoolgate.filtering",
    "schoolgate.access",
    "schoolgate.assurance",
    "schoolgate.people",
    "schoolgate.ledger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.forms",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "schoolgate.web.files.StaticFiles",  # below what guards every answer: a picture is an answer too
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "schoolgate.web.middleware.staff_request",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates", PACKAGE],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "schoolgate.web.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "schoolgate.web.forms.Renderer"

# ── Storage ─────────────────────────────────────────────────────────────────
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "school.sqlite3",
        "OPTIONS": {
            # Take the write lock at the start of a transaction: two writers then wait for each other
            # instead of one of them failing half way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
}

# ── Sign-in ─────────────────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "schoolgate.web.accounts.StaffAccounts"
ACCOUNT_FORMS = {
    "change_password": "schoolgate.web.account_forms.PasswordForm",
    "login": "schoolgate.web.account_forms.SignInForm",
    "reauthenticate": "schoolgate.web.account_forms.ConfirmForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # computers in a staff room are shared: closing the browser signs out
MFA_ADAPTER = "schoolgate.web.accounts.SecondFactor"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the school office, and no mail proves them
MFA_FORMS = {
    "activate_totp": "schoolgate.web.account_forms.ActivateAppForm",
    "authenticate": "schoolgate.web.account_forms.CodeForm",
    "reauthenticate": "schoolgate.web.account_forms.ConfirmCodeForm",
}
MFA_TOTP_TOLERANCE = 1  # the code before and the one after count too (RFC 6238, 5.2): people type slowly
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_NAME = "schoolgate"
SESSION_COOKIE_AGE = 8 * 60 * 60  # a school day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]

# ── What a browser may do with our pages ────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# ── Words, dates, files ─────────────────────────────────────────────────────
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.text("TIME_ZONE", "Europe/London")
USE_I18N = False
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static" / "build"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "schoolgate.web.files.BuiltFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 365 * 24 * 60 * 60  # seconds; the address of a file changes with its content
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# ── Logs ────────────────────────────────────────────────────────────────────
LOGGING_CONFIG = None
LOG_LEVEL = env.text("LOG_LEVEL", "info")
logs.configure(LOG_LEVEL)
