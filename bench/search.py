"""``python -m bench.search``: searching, and a list as a file, where the whole country takes part.

100,000 enrolments in all municipalities, ten meetings each, 10,000 mentors; for a coordinator of
three municipalities, and for one who covers them all. On a database of its own (DATABASE_URL says
another; it must be empty, or have been filled by this before). Making the people takes some
minutes. Seconds by the clock as the best of some rounds, and of the processor, which a busy
machine changes less. Ends with 1 when a budget is broken.
"""

import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta

from bench.installation import own_database

ENROLMENTS = int(os.environ.get("BENCH_ROWS", "100000"))
MEETINGS_EACH, MENTORS, BATCH, ROUNDS = 10, 10_000, 5_000, 3
THREE, ALL = "three@example.org", "all@example.org"
SEARCHES = ["soren", "kristian jensn", "jensen", "xyzzy", "gældssanering", "oekonomi kommunen"]
# Seconds by the clock, and milliseconds of the processor for each row of a file.
BUDGET_SEARCH, BUDGET_ROW = 2.0, 0.5

STARTS = (
    "Al An Be Bir Bo Ca Chri Da El Em Er Fre Gre Ha Hel Ib Jo Ka Kir La Li Ma Mi Mo Ni Ole Pe Ras"
    " Ru Sø Tho To Ul Vil Wal Ya Zai Åge Æ Ø"
)
ENDS = "sen stian bert na ne mas mad ren rik la lise lo lar to va ra hard win mar ka li ja"
FIRST = "Søren Christian Mohammed Muhammad Jens Lars Åge Mette Anne Hanne Ali Fatima"
LAST = "Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Ali"
WORDS = (
    "vi talte om bolig og job han var glad for samtalen kommunen skriver om økonomi gæld banken"
    " lægen misbrug netværk søster arbejde praktik kørekort uddannelse aftale mødtes på café"
    " næste uge ringer åben ansøgning indskud depositum boligstøtte sagsbehandler"
)


def names(chance: random.Random, shared: str, parts: int, size: int) -> list[str]:
    """Half of all people share the common names, the others have one of many thousand."""
    starts, ends, common = STARTS.split(), ENDS.split(), shared.split()
    made = {chance.choice(starts) + "".join(chance.choices(ends, k=parts)) for _ in range(size)}
    return common * (len(made) // len(common)) + sorted(made)


def text(chance: random.Random, length: int) -> str:
    words = chance.choices(WORDS.split(), k=length)
    if chance.random() < 0.0005:
        words[0] = "gældssanering"
    return " ".join(words)


def fill() -> None:
    """The same people each time."""
    from django.db import connection, transaction
    from django.utils import timezone

    from mentoring.models import Mentor
    from participants.models import Coordinator, Institution, Municipality, Participant
    from primus.accounts.models import Role, User

    chance, today = random.Random(4), timezone.localdate()
    codes = list(Municipality.objects.order_by("code").values_list("code", flat=True))
    prisons = list(Institution.objects.order_by("pk").values_list("pk", flat=True))
    first, last = names(chance, FIRST, 2, 4_000), names(chance, LAST, 3, 12_000)
    for email, own in ((THREE, codes[40:43]), (ALL, codes)):
        user = User.objects.create(email=email, first_name="B", role=Role.COORDINATOR)
        Coordinator.objects.create(user=user).municipalities.set(own)
    for _ in range(0, ENROLMENTS, BATCH):
        with transaction.atomic():
            people = Participant.objects.bulk_create(
                Participant(
                    first_name=chance.choice(first),
                    last_name=chance.choice(last),
                    birth_date=today - timedelta(days=chance.randint(7_000, 22_000)),
                    gender="male",
                )
                for _ in range(BATCH)
            )
            enrol(chance, people, codes, prisons, today)
    users = User.objects.bulk_create(
        User(
            email=f"mentor{number}@example.org",
            first_name=chance.choice(first),
            last_name=chance.choice(last),
            role=Role.MENTOR,
        )
        for number in range(MENTORS)
    )
    Mentor.objects.bulk_create(
        Mentor(user=user, municipality_id=chance.choice(codes), state="active") for user in users
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def enrol(chance: random.Random, people, codes, prisons, today) -> None:
    """An enrolment for each, most of them long over, with meetings of 25 words."""
    from mentoring.models import Meeting, MeetingArea
    from participants.models import Enrolment

    enrolments = []
    for person in people:
        referred = today - timedelta(days=chance.randint(0, 2_500))
        release = referred + timedelta(days=60)
        is_over = release < today - timedelta(days=365)
        enrolments.append(
            Enrolment(
                participant=person,
                municipality_id=chance.choice(codes),
                institution_id=chance.choice(prisons),
                referred_on=referred,
                expected_release=release,
                released_on=release if release < today else None,
                release_kind="parole",
                ended_on=release + timedelta(days=365) if is_over else None,
                end_reason="completed" if is_over else "",
            )
        )
    meetings = []
    for enrolment in Enrolment.objects.bulk_create(enrolments):
        for _ in range(MEETINGS_EACH):
            day = enrolment.referred_on + timedelta(days=chance.randint(0, 400))
            meetings.append(
                Meeting(
                    enrolment=enrolment,
                    state="held",
                    mode="cafe",
                    happened_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                    note=text(chance, 25),
                    next_step=text(chance, 5),
                )
            )
    MeetingArea.objects.bulk_create(
        (
            MeetingArea(meeting=meeting, area="housing", text=text(chance, 6))
            for meeting in Meeting.objects.bulk_create(meetings, batch_size=BATCH)
        ),
        batch_size=BATCH,
    )


def best(do) -> tuple[float, float]:
    """Seconds by the clock and of the processor, each as the best of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        do()
        rounds.append((time.perf_counter() - begun, time.process_time() - worked))
    return min(took for took, _ in rounds), min(worked for _, worked in rounds)


def report() -> int:
    """Print a line for each search and file; the number of those over budget."""
    from mentoring.caseload import caseload
    from mentoring.exporting import enrolment_rows
    from mentoring.searching import search
    from primus.accounts.models import User
    from primus.spreadsheets.writing import written

    broken = 0
    for email in (THREE, ALL):
        user = User.objects.get(email=email)
        enrolments = caseload(user)
        print(f"\n{email}: {enrolments.count()} enrolments{'clock':>24}{'processor':>12}")
        for words in SEARCHES:
            took, worked = best(lambda user=user, words=words: search(user, words))
            over = took > BUDGET_SEARCH
            broken += over
            print(f"{words:<40}{took:>10.2f} s{worked:>10.2f} s{'  over' if over else ''}")
        rows = min(10_000, enrolments.count())
        for kind in (".xlsx", ".csv"):
            some = enrolments.order_by("pk")[:rows]
            took, worked = best(
                lambda kind=kind, some=some: written(kind, enrolment_rows(list(some.all())))
            )
            over = worked * 1000 / rows > BUDGET_ROW
            broken += over
            name = f"{rows} enrolments as {kind}"
            print(f"{name:<40}{took:>10.2f} s{worked:>10.2f} s{'  over' if over else ''}")
    return broken


def main() -> int:
    with own_database():
        from django.conf import settings

        from primus.accounts.models import User

        # Else every statement is kept and written out, which is what would be measured.
        settings.DEBUG = False

        if not User.objects.filter(email=ALL).exists():
            fill()
        return 1 if report() else 0


if __name__ == "__main__":
    sys.exit(main())
