from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deals import (
            archive,  # noqa: F401 - it says what an admin may read in an archive
            holding,  # noqa: F401 - it counts what a company holds
        )
