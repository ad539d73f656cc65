"""Delivering what is owed: claim a batch, ask its readers' wishes, hand it over outside any transaction, stamp it.

At least once. A process that dies between the mail server's answer and the stamp leaves a claim that expires, and the
mail goes out again under the same Message-ID: what was once put together stays together, what once went alone stays
alone.
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

from alignment import chat, unsubscribing
from alignment.mail import Letter, message_id, write
from alignment.models import Group, Notice, Preference
from alignment.models.notices import CLAIM_LASTS, LAST_ATTEMPT, Via
from alignment.notices import KINDS
from alignment.posting import Post, Refused, Unreachable

log = logging.getLogger(__name__)

BATCH = 50
SPARE = timedelta(seconds=60)
"""A run stops this long before its claim ends: a slow mail server must not let two send the same."""
REST = timedelta(minutes=1)
"""Until the mail server is asked again after it could not be reached."""
GIVE_UP = timedelta(days=3)
"""How long an unreachable mail server is waited for."""
TURNED_OFF, GONE = "Turned off by its reader.", "Its reason was gone."
CLOSED, NOT_THERE = "Its reader's account is closed.", "Its reader has not accepted the invitation yet."
QUIET = "Waits for the end of its reader's quiet hours."
Told = tuple[Notice, Letter | EmailMultiAlternatives]
Said = Counter[str]


def deliver_due(*, most: int = 5000, call_help: Callable[[], None] | None = None) -> dict[str, int]:
    """Deliver what is due; returns how many were sent, closed, put off for quiet hours or trouble, or given up.

    `call_help` is called once when there is more than a batch: another worker may take part.
    """
    became: Said = Counter()
    with Post() as post:
        while became.total() < most and not post.is_in_trouble:
            batch = Batch.claimed(timezone.now(), Via.MAIL)
            if len(batch.notices) >= BATCH and call_help is not None:
                call_help()
                call_help = None
            if not batch.notices:
                break
            became += batch.deliver(lambda run, parcel: run.mail(parcel, post))
    while batch := Batch.claimed(timezone.now(), Via.CHAT):
        became += batch.deliver(Batch.chat)
    return dict(became)


@dataclass
class Parcel:
    """Notices of one reader that go together; `goes_as` when they have gone, or nearly, before."""

    notices: list[Notice]
    goes_as: str = ""


@dataclass
class Batch:
    """What one run holds, and until when."""

    notices: list[Notice]
    until: datetime
    now: datetime
    became: Said = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.notices)

    @classmethod
    def claimed(cls, now: datetime, via: str) -> Batch:
        return cls(Notice.objects.claim(now, via=via, most=BATCH), now + CLAIM_LASTS - SPARE, now)

    def deliver(self, hand_over: Callable[[Batch, Parcel], None]) -> Said:
        parcels = list(together(self.wanted()))
        find(notice for parcel in parcels for notice in parcel.notices)
        for number, parcel in enumerate(parcels):
            if timezone.now() >= self.until:
                self.put_off([notice for rest in parcels[number:] for notice in rest.notices], timezone.now())
                break
            hand_over(self, parcel)
        return self.became

    # What its readers wish

    def wanted(self) -> list[Notice]:
        """Those to be delivered now; the others are put off or closed, and chat lines are owed beside mails."""
        wanted = []
        for notice in self.notices:
            wishes, kind = Preference.of(notice.to), KINDS.get(notice.kind)
            group = kind.group if kind else Group.ALWAYS
            quiet = wishes.quiet_until_at(self.now) if kind and kind.waits else None
            joins = kind is not None and kind.joins and notice.to.invited_as
            if not notice.to.is_active and not joins:
                self.close([notice], NOT_THERE if notice.to.invited_as else CLOSED)
            elif quiet:
                self.put_off([notice], quiet, QUIET, said="waits")
            else:
                if kind and kind.chats and notice.via == Via.MAIL and wishes.wants(group, Via.CHAT):
                    Notice.objects.owe([_for_chat(notice)])
                if wishes.wants(group, notice.via):
                    wanted.append(notice)
                else:
                    self.close([notice], TURNED_OFF)
        return wanted

    # Mail

    def mail(self, parcel: Parcel, post: Post) -> None:
        """Its letters as one mail, everything else by itself."""
        if post.is_in_trouble:
            return self.put_off(parcel.notices, timezone.now() + REST)
        told = self.told(parcel)
        letters = [(notice, said) for notice, said in told if isinstance(said, Letter) and not said.alone]
        if letters:
            self._mail_letters(letters, parcel.goes_as, post)
        for notice, said in told:
            if not isinstance(said, Letter):
                self._hand_over([notice], said, post)
            elif said.alone:
                self._mail_letters([(notice, said)], "", post)
        return None

    def told(self, parcel: Parcel) -> list[Told]:
        """What the makers say; a notice without a reason is closed, one that cannot be made is tried again."""
        told: list[Told] = []
        for notice in parcel.notices:
            try:
                said = KINDS[notice.kind].make(notice)
            except Exception as error:
                self.failed([notice], error)
                continue
            if said is None:
                self.close([notice], GONE)
            else:
                told.append((notice, said))
        return told

    def _mail_letters(self, letters: list[tuple[Notice, Letter]], goes_as: str, post: Post) -> None:
        notices = [notice for notice, _ in letters]
        goes_as = goes_as or _goes_as(notices)
        try:
            message = write([said for _, said in letters], goes_as=goes_as)
        except Exception as error:
            if len(letters) == 1:
                return self.failed(notices, error)
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(goes_as="")
            for each in letters:  # one that cannot be written does not hold the others up
                self._mail_letters([each], "", post)
            return None
        return self._hand_over(notices, message, post)

    def _hand_over(self, notices: list[Notice], message: EmailMultiAlternatives, post: Post) -> None:
        groups = {KINDS[notice.kind].group for notice in notices}
        message.extra_headers |= unsubscribing.headers(notices[0].to, groups)
        try:
            post.send(message)
        except Unreachable as error:
            self.unreachable(notices, str(error))
        except Exception as error:  # whatever the mail server's client raises
            self.failed(notices, error)
        else:
            self.sent(notices)

    # Chat

    def chat(self, parcel: Parcel) -> None:
        told = self.told(parcel)
        if not told:
            return
        notices = [notice for notice, _ in told]
        lines = [(said.subject, said.url) for _, said in told if isinstance(said, Letter)]
        try:
            chat.post(Preference.of(notices[0].to).chat_url, lines)
        except chat.Refused as error:
            self.failed(notices, Refused(str(error), address=False))
        except chat.TryLater as error:
            self.failed(notices, error)
        else:
            self.sent(notices)

    # What became of it

    def sent(self, notices: list[Notice]) -> None:
        self._stamp(notices, "sent", sent_at=timezone.now(), claimed_until=None, refused=False, error="")

    def close(self, notices: list[Notice], why: str) -> None:
        self._stamp(notices, "closed", closed_at=timezone.now(), claimed_until=None, error=why)

    def put_off(self, notices: list[Notice], until: datetime, why: str = "", said: str = "later") -> None:
        """Not tried: it counts as no attempt."""
        self._stamp(notices, said, claimed_until=until, attempts=F("attempts") - 1, error=why)

    def unreachable(self, notices: list[Notice], told: str) -> None:
        """The mail server's fault and not theirs: asked again every minute, and given up after days."""
        late = [notice for notice in notices if self.now - notice.due_at > GIVE_UP]
        if late:
            self._stamp(late, "failed", failed_at=timezone.now(), claimed_until=None, error=told[:500])
        if waiting := [notice for notice in notices if notice not in late]:
            self.put_off(waiting, timezone.now() + REST, told[:500])
        log.warning("%s notices put off: %s", len(waiting), told)

    def failed(self, notices: list[Notice], error: Exception) -> None:
        """Tried in vain: again after a pause that doubles, or given up for good."""
        told, attempts = (str(error) or type(error).__name__)[:500], max(each.attempts for each in notices)
        final = isinstance(error, Refused)
        ours = (
            None if isinstance(error, OSError | Refused | chat.TryLater) else error
        )  # smtplib's are OSErrors
        log.warning(
            "notice %s not sent at attempt %s: %s", notices[0].pk, attempts, type(error).__name__, exc_info=ours
        )  # fmt: skip
        if final or attempts >= LAST_ATTEMPT:
            refused = isinstance(error, Refused) and error.address
            self._stamp(
                notices, "failed", failed_at=timezone.now(), claimed_until=None, refused=refused, error=told
            )
        else:
            wait = timedelta(minutes=min(2**attempts, 120))
            self._stamp(notices, "later", claimed_until=timezone.now() + wait, error=told)

    def _stamp(self, notices: list[Notice], said: str, **fields: object) -> None:
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(claim_id=None, **fields)
        self.became[said] += len(notices)


def together(notices: Iterable[Notice]) -> Iterable[Parcel]:
    """What goes together: what has gone together before; of the rest, what was never tried, by reader."""
    by_mail = sorted(notices, key=lambda notice: (notice.goes_as, notice.to_id))
    for (goes_as, _), group in groupby(by_mail, key=lambda notice: (notice.goes_as, notice.to_id)):
        same = list(group)
        if goes_as:
            yield Parcel(same, goes_as)
            continue
        fresh = [each for each in same if each.attempts == 1 and not Preference.of(each.to).one_by_one]
        if fresh:
            yield Parcel(fresh)
        yield from (Parcel([each]) for each in same if each not in fresh)


def find(notices: Iterable[Notice]) -> None:
    """Let each kind look up what its makers need, for all its notices at once."""
    by_kind: dict[str, list[Notice]] = {}
    for notice in notices:
        by_kind.setdefault(notice.kind, []).append(notice)
    for name, same in by_kind.items():
        kind = KINDS.get(name)
        if kind is not None and kind.read is not None:
            found = kind.read(same)
            for notice in same:
                notice.found = found.get(notice.pk)


def _goes_as(notices: list[Notice]) -> str:
    """Of several, written down before they are handed over, so that they are the same mail if they must go again."""
    if len(notices) == 1:
        return message_id(notices[0].key)
    goes_as = message_id("\n".join(sorted(notice.key for notice in notices)))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(goes_as=goes_as)
    return goes_as


def _for_chat(notice: Notice) -> Notice:
    """The same, as a line in its reader's chat."""
    return Notice(
        key=f"chat:{notice.key}", kind=notice.kind, via=Via.CHAT, to=notice.to, company_id=notice.company_id,
        payload=notice.payload, created_at=notice.created_at, due_at=notice.due_at,
    )  # fmt: skip
