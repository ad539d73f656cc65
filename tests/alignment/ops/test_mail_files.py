from email import message_from_bytes, policy

from django.core.mail import EmailMultiAlternatives, get_connection


def test_every_mail_is_a_file_of_its_own(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    mails = [EmailMultiAlternatives(f"Week {n}", "Grüße", "a@example.com", ["b@example.com"]) for n in (1, 2)]
    assert get_connection("alignment.outbox.file_backend.EmailBackend").send_messages(mails) == 2
    read = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(settings.MAIL_DIR.iterdir())
    ]
    assert [mail["Subject"] for mail in read] == ["Week 1", "Week 2"]
    assert read[0].get_content().strip() == "Grüße"
    assert all(path.suffix == ".eml" for path in settings.MAIL_DIR.iterdir())
