import os

from django.core.wsgi import get_wsgi_application

from alignment.web.request_guard import refuse_unreadable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")

application = refuse_unreadable(get_wsgi_application())
