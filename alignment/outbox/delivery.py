"""Delivering due notices: claim a batch, follow its readers' preferences,
send it outside any transaction, stamp it.

Delivery is at least once. A process that dies between the mail server's answer and the stamp leaves a claim
that expires, and the mail goes out again under the same Message-ID: what was bundled stays bundled, what went
alone stays alone.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone

from alignment.models import Group, Notice, Preference
from alignment.models.notices import CLAIM_LASTS, Via
from alignment.outbox import unsubscribe, webhooks
from alignment.outbox.messages import Message, message_id, write
from alignment.outbox.notice_kinds import KINDS, Kind
from alignment.outbox.smtp import MailConnection, MailRejected, MailServerUnreachable, RecipientRejected
from alignment.rules.quiet_hours import out_of_working_hours_until
from alignment.rules.retries import WHILE_UNREACHABLE, gives_up_waiting, pause_after
from alignment.rules.zones import zone_named

log = logging.getLogger(__name__)

BATCH = 50
SPARE = timedelta(seconds=60)
"""A run stops this long before its claim ends, so that a slow mail server
does not let two processes send the same."""
TURNED_OFF, GONE = "The recipient turned this off.", "No longer needed."
CLOSED, NOT_THERE = "The recipient’s account is closed.", "The recipient has not accepted the invitation yet."
QUIET = "Waiting for the end of the recipient’s quiet hours."
WrittenNotice = tuple[Notice, Message | EmailMultiAlternatives]
Outcomes = Counter[str]
REJECTED = (MailRejected, webhooks.WebhookRejected)
"""Nothing is tried again after these."""
EXPECTED = (OSError, *REJECTED, webhooks.WebhookUnavailable)
"""Trouble of another server, logged without a traceback; smtplib's errors are OSErrors."""


def deliver_due(*, most: int = 5000, call_help: Callable[[], None] | None = None) -> dict[str, int]:
    """Deliver due notices; returns how many were sent, closed, postponed by
    quiet hours or trouble, or given up.

    `call_help` is called once when there is more than a batch: another worker may take part.
    """
    outcomes: Outcomes = Counter()
    with MailConnection() as connection:
        while outcomes.total() < most and not connection.is_in_trouble:
            batch = Batch.claimed(timezone.now(), Via.MAIL)
            if len(batch.notices) >= BATCH and call_help is not None:
                call_help()
                call_help = None
            if not batch.notices:
                break
            outcomes += batch.deliver(lambda run, bundle: run.mail(bundle, connection))
    while batch := Batch.claimed(timezone.now(), Via.CHAT):
        outcomes += batch.deliver(Batch.chat)
    return dict(outcomes)


@dataclass
class Bundle:
    """Notices to one reader that go as one mail; `goes_as` is set when they were sent, or almost, before."""

    notices: list[Notice]
    goes_as: str = ""


@dataclass
class Batch:
    """The notices one run has claimed, and until when."""

    notices: list[Notice]
    until: datetime
    now: datetime
    outcomes: Outcomes = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.notices)

    @classmethod
    def claimed(cls, now: datetime, via: str) -> Batch:
        return cls(Notice.objects.claim(now, via=via, most=BATCH), now + CLAIM_LASTS - SPARE, now)

    def deliver(self, hand_over: Callable[[Batch, Bundle], None]) -> Outcomes:
        bundles = list(bundle_notices(self.select_deliverable()))
        read_for_kinds(notice for bundle in bundles for notice in bundle.notices)
        for number, bundle in enumerate(bundles):
            if timezone.now() >= self.until:
                self.put_off([notice for rest in bundles[number:] for notice in rest.notices], timezone.now())
                break
            hand_over(self, bundle)
        return self.outcomes

    # Preferences

    def select_deliverable(self) -> list[Notice]:
        """Those to deliver now; the others are postponed or closed, and chat
        lines are enqueued beside mails."""
        deliverable = []
        for notice in self.notices:
            preference, kind = Preference.of(notice.to), KINDS.get(notice.kind)
            group = kind.group if kind else Group.ALWAYS
            quiet_until = _quiet_until(preference, kind, self.now) if kind else None
            is_invited = bool(notice.to.invited_as)
            reaches = kind is not None and (kind.joins if is_invited else kind.undoes)
            if not notice.to.is_active and not reaches:
                self.close([notice], NOT_THERE if notice.to.invited_as else CLOSED)
            elif quiet_until:
                self.put_off([notice], quiet_until, QUIET, outcome="waits")
            else:
                if kind and kind.chats and notice.via == Via.MAIL and preference.wants(group, Via.CHAT):
                    Notice.objects.enqueue([_for_chat(notice)])
                if preference.wants(group, notice.via):
                    deliverable.append(notice)
                else:
                    self.close([notice], TURNED_OFF)
        return deliverable

    # Mail

    def mail(self, bundle: Bundle, connection: MailConnection) -> None:
        """Send its messages as one mail, everything else on its own."""
        if connection.is_in_trouble:
            return self.put_off(bundle.notices, timezone.now() + WHILE_UNREACHABLE)
        written = self.write(bundle)
        messages = [
            (notice, mail) for notice, mail in written if isinstance(mail, Message) and not mail.alone
        ]
        if messages:
            self._mail_messages(messages, bundle.goes_as, connection)
        for notice, mail in written:
            if not isinstance(mail, Message):
                self._send_mail([notice], mail, connection)
            elif mail.alone:
                self._mail_messages([(notice, mail)], "", connection)
        return None

    def write(self, bundle: Bundle) -> list[WrittenNotice]:
        """Write its messages; a notice no longer needed is closed, one that
        cannot be written is tried again."""
        written: list[WrittenNotice] = []
        for notice in bundle.notices:
            try:
                message = KINDS[notice.kind].write(notice)
            except Exception as error:
                self.failed([notice], error)
                continue
            if message is None:
                self.close([notice], GONE)
            else:
                written.append((notice, message))
        return written

    def _mail_messages(
        self, messages: list[tuple[Notice, Message]], goes_as: str, connection: MailConnection
    ) -> None:
        notices = [notice for notice, _ in messages]
        goes_as = goes_as or _goes_as(notices)
        try:
            mail = write([message for _, message in messages], goes_as=goes_as)
        except Exception as error:
            if len(messages) == 1:
                return self.failed(notices, error)
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(goes_as="")
            for pair in messages:  # one that cannot be written does not hold the others up
                self._mail_messages([pair], "", connection)
            return None
        return self._send_mail(notices, mail, connection)

    def _send_mail(
        self, notices: list[Notice], mail: EmailMultiAlternatives, connection: MailConnection
    ) -> None:
        groups = {KINDS[notice.kind].group for notice in notices}
        mail.extra_headers |= unsubscribe.headers(notices[0].to, groups)
        try:
            connection.send(mail)
        except MailServerUnreachable as error:
            self.unreachable(notices, str(error))
        except Exception as error:  # whatever the mail server's client raises
            self.failed(notices, error)
        else:
            self.sent(notices)

    # Chat

    def chat(self, bundle: Bundle) -> None:
        written = self.write(bundle)
        if not written:
            return
        notices = [notice for notice, _ in written]
        lines = [(message.subject, message.url) for _, message in written if isinstance(message, Message)]
        try:
            webhooks.post(Preference.of(notices[0].to).chat_url, lines)
        except (webhooks.WebhookRejected, webhooks.WebhookUnavailable) as error:
            self.failed(notices, error)
        else:
            self.sent(notices)

    # Outcomes

    def sent(self, notices: list[Notice]) -> None:
        self._stamp(notices, "sent", sent_at=timezone.now(), claimed_until=None, refused=False, error="")

    def close(self, notices: list[Notice], why: str) -> None:
        self._stamp(notices, "closed", closed_at=timezone.now(), claimed_until=None, error=why)

    def put_off(self, notices: list[Notice], until: datetime, why: str = "", outcome: str = "later") -> None:
        """Not tried: it does not count as an attempt."""
        self._stamp(notices, outcome, claimed_until=until, attempts=F("attempts") - 1, error=why)

    def unreachable(self, notices: list[Notice], reason: str) -> None:
        """The mail server's fault and not theirs: tried again every minute, and given up after days."""
        late = [notice for notice in notices if gives_up_waiting(notice.due_at, self.now)]
        if late:
            self._stamp(late, "failed", failed_at=timezone.now(), claimed_until=None, error=reason[:500])
        if waiting := [notice for notice in notices if notice not in late]:
            self.put_off(waiting, timezone.now() + WHILE_UNREACHABLE, reason[:500])
        log.warning("%s notices put off: %s", len(waiting), reason)

    def failed(self, notices: list[Notice], error: Exception) -> None:
        """An attempt failed: try again after a pause that doubles, or give up for good."""
        reason = (str(error) or type(error).__name__)[:500]
        attempts = max(notice.attempts for notice in notices)
        is_expected = isinstance(error, EXPECTED)
        log.warning(
            "notice %s not sent at attempt %s: %s",
            notices[0].pk,
            attempts,
            type(error).__name__,
            exc_info=None if is_expected else error,
        )
        pause = None if isinstance(error, REJECTED) else pause_after(attempts)
        if pause is None:
            refused = isinstance(error, RecipientRejected)
            self._stamp(
                notices, "failed", failed_at=timezone.now(), claimed_until=None, refused=refused, error=reason
            )
        else:
            self._stamp(notices, "later", claimed_until=timezone.now() + pause, error=reason)

    def _stamp(self, notices: list[Notice], outcome: str, **fields: object) -> None:
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(claim_id=None, **fields)
        self.outcomes[outcome] += len(notices)


def bundle_notices(notices: Iterable[Notice]) -> Iterable[Bundle]:
    """What was sent together before goes together again; of the rest, what was never tried, by reader."""
    in_order = sorted(notices, key=lambda notice: (notice.goes_as, notice.to_id))
    for (goes_as, _), group in groupby(in_order, key=lambda notice: (notice.goes_as, notice.to_id)):
        same = list(group)
        if goes_as:
            yield Bundle(same, goes_as)
            continue
        fresh = [
            notice for notice in same if notice.attempts == 1 and not Preference.of(notice.to).one_by_one
        ]
        if fresh:
            yield Bundle(fresh)
        yield from (Bundle([notice]) for notice in same if notice not in fresh)


def read_for_kinds(notices: Iterable[Notice]) -> None:
    """Let each kind read what its writers need, for all its notices at once."""
    by_kind: dict[str, list[Notice]] = {}
    for notice in notices:
        by_kind.setdefault(notice.kind, []).append(notice)
    for name, same in by_kind.items():
        kind = KINDS.get(name)
        if kind is not None and kind.read is not None:
            data = kind.read(same)
            for notice in same:
                notice.data = data.get(notice.pk)


def _goes_as(notices: list[Notice]) -> str:
    """The Message-ID. Of several it is saved before they are sent, so that they
    stay one mail if it is sent again."""
    if len(notices) == 1:
        return message_id(notices[0].key)
    goes_as = message_id("\n".join(sorted(notice.key for notice in notices)))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(goes_as=goes_as)
    return goes_as


def _quiet_until(preference: Preference, kind: Kind, now: datetime) -> datetime | None:
    """Until when the reader's quiet hours, or the kind's own, hold it back."""
    zone = zone_named(preference.user.timezone)
    ends = (
        preference.quiet_until_at(now) if kind.waits else None,
        out_of_working_hours_until(now, zone=zone) if kind.by_day else None,
    )
    return max((end for end in ends if end), default=None)


def _for_chat(notice: Notice) -> Notice:
    """The same notice as a line in its reader's chat."""
    return Notice(
        key=f"chat:{notice.key}",
        kind=notice.kind,
        via=Via.CHAT,
        to=notice.to,
        company_id=notice.company_id,
        payload=notice.payload,
        created_at=notice.created_at,
        due_at=notice.due_at,
    )
