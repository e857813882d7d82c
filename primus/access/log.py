"""Writing the access log. Always inside the transaction of what it records."""

from collections.abc import Iterable

from django.db import models

from primus.access.models import AccessEntry, Event


def _describe(obj: models.Model) -> dict:
    """Type, number, label and municipality of what was accessed, by the names models use."""
    # A trial subject may have an enrolment, and be a case of its own without.
    case = getattr(obj, "enrolment", None) or obj
    return {
        "object_type": obj._meta.label_lower,
        "object_id": obj.pk,
        "object_label": getattr(case, "case_number", "")[:80],
        "municipality_code": getattr(case, "municipality_id", "") or "",
    }


def record(user, event: Event, obj: models.Model, *, view: str, detail: str = "") -> AccessEntry:
    """Write that `user` did `event` with one object that holds a person's data."""
    return AccessEntry.objects.create(
        user=user,
        user_label=user.get_full_name(),
        role=user.role,
        event=event,
        view=view,
        detail=detail,
        **_describe(obj),
    )


def record_list(
    user, event: Event, objects: Iterable[models.Model], *, view: str, detail: str = ""
) -> None:
    """Write that `user` was shown a list: one row per municipality, with the numbers shown."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for obj in objects:
        about = _describe(obj)
        key = (about["object_type"], about["municipality_code"])
        grouped.setdefault(key, []).append(str(obj.pk))
    if not grouped and event == Event.SEARCH:
        # That nobody was found is not that nobody was searched for.
        grouped["", ""] = []
    AccessEntry.objects.bulk_create(
        AccessEntry(
            user=user,
            user_label=user.get_full_name(),
            role=user.role,
            event=event,
            view=view,
            object_type=object_type,
            municipality_code=municipality,
            detail="; ".join(filter(None, [detail, " ".join(numbers)])),
        )
        for (object_type, municipality), numbers in grouped.items()
    )


def record_each(user, event: Event, objects: Iterable[models.Model], *, view: str) -> None:
    """Write that `user` did `event` with each of many objects: one row for each of them."""
    AccessEntry.objects.bulk_create(
        AccessEntry(
            user=user,
            user_label=user.get_full_name(),
            role=user.role,
            event=event,
            view=view,
            **_describe(obj),
        )
        for obj in objects
    )


def record_refusal(
    user, *, view: str, obj: models.Model | None = None, object_id: int | None = None
) -> None:
    """Write that `user` asked for what they may not see (or for what does not exist).

    With the object that was asked for, those who answer for it see the attempt too.
    """
    about = _describe(obj) if obj is not None else {"object_id": object_id}
    AccessEntry.objects.create(
        user=user,
        user_label=user.get_full_name(),
        role=user.role,
        event=Event.REFUSED,
        view=view,
        **about,
    )
