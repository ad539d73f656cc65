from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from meetings import (  # noqa: F401 - they register their makers with the outbox, what is measured, and what archives hold
            archive,
            escalation_mails,
            handover_mails,
            holding,
            invitation_mails,
            mails,
            metrics,
            reminder_mails,
        )
