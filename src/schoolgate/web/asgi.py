"""The application that uvicorn serves: `uvicorn schoolgate.web.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

from schoolgate.web.bodies import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.web.settings")

application = limited(get_asgi_application())
