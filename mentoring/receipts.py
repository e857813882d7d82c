"""That a form is saved once, however often it is sent: the one way, whatever the form is about."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from mentoring.models import FormReceipt
from primus.templatetags.primus_ui import clock

T = TypeVar("T")


class FormAlreadySaved(Exception):
    """The form's token was used before, for another text or by another user, or what it saved
    has been undone.

    ``saved_at`` is when this user saved it; None when it was somebody else. ``is_undone`` says
    that this very form was saved, and what it saved is gone.
    """

    def __init__(self, saved_at: datetime | None, *, is_undone: bool = False):
        super().__init__("the form's token was used before")
        self.saved_at = saved_at
        self.is_undone = is_undone


def save_once(
    token: UUID,
    content: Any,
    by,
    save: Callable[[FormReceipt], T],
    *,
    begin: Callable[[], dict[str, Model]] | None = None,
) -> T | None:
    """What `save` gives, in one transaction with the form's receipt; None when the same form was
    saved before.

    `begin` makes what the receipt is to name, by the receipt's field; it is made before it is
    known whether the form was saved before, and then taken back. `content` is what was answered,
    as JSON can hold it. Raises FormAlreadySaved when the token was used with other content or by
    somebody else, so that what was typed is not lost in silence.
    """
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with transaction.atomic():
            named = begin() if begin else {}
            # Of two at once the second waits here until the first has saved all.
            receipt = FormReceipt.objects.create(token=token, digest=digest, saved_by=by, **named)
            return save(receipt)
    except IntegrityError:
        saved = FormReceipt.objects.filter(token=token).first()
        if saved is None:
            raise
        if saved.saved_by_id != by.pk or saved.digest != digest:
            own = saved.saved_by_id == by.pk
            raise FormAlreadySaved(saved.saved_at if own else None) from None
        return None


def already_saved(before: FormAlreadySaved) -> str:
    """That a form's token was used for something else; what to do about it."""
    if before.saved_at is None:
        return _("This form has been used before. Look it through and save again.")
    return _(
        "This form was saved at %(time)s, and the text has changed since. "
        "Save again if this is another one."
    ) % {"time": clock(before.saved_at)}
