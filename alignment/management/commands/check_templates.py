"""`manage.py check_templates`: load every template, so that a typing error
is found before a visitor finds it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template


class Command(BaseCommand):
    help = "Load every template and name those that do not compile."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "templates"
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*") if path.is_file())
        errors = [error for name in names if (error := fault(name))]
        if errors:
            raise CommandError("\n".join(errors))
        self.stdout.write(f"{len(names)} templates compile.")


def fault(name: str) -> str:
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
        return f"{name}: {error}"
    return ""
