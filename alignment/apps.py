from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    name = "alignment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from alignment import account_mails, security_mails  # noqa: F401 - they register their makers with the outbox
        from alignment.archives import ours  # noqa: F401 - it says what an admin may read in an archive
