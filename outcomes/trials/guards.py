"""What the database itself refuses: to change what a trial was begun with, or what was drawn.

Triggers, because no constraint knows what a row was before. Each refuses with an IntegrityError
that carries its name. They are put in place after every ``migrate``, whatever it did; on SQLite,
where a table that is altered is made anew, they step aside meanwhile.

PostgreSQL refuses deleting too. On SQLite Django refuses it (see `refuse_deletion`): its tests
empty the tables by deleting, and there it could not be told from anybody else's.
"""

from dataclasses import dataclass

from django.db import connections
from django.db.models import Model, ProtectedError
from django.utils.functional import cached_property

TRIAL, ARM, STRATUM, PLACE, SUBJECT = (
    "outcomes_trial",
    "outcomes_trialarm",
    "outcomes_stratum",
    "outcomes_trialplace",
    "outcomes_trialsubject",
)
TABLES = (TRIAL, ARM, STRATUM, PLACE, SUBJECT)

# What is drawn on, what is drawn, and what was known before.
DRAWN = (
    "municipality_id",
    "risk_group",
    "assessed_on",
    "eligibility",
    "not_eligible_reason",
    "consent_form",
    "consent_on",
    "age_group",
    "priors",
    "release_kind",
    "expected_release",
    "place_id",
    "arm_id",
    "allocated_at",
)
DECIDED = (
    "name",
    "definition",
    "horizon_days",
    "block_sizes",
    "length",
    "sequence_hash",
    "sealed_salt",
    "is_demonstration",
    "created_at",
)
# The draw takes the first free place of the subject's own stratum, in a trial that is open.
NEXT_PLACE = f"""NOT EXISTS (
    SELECT 1 FROM {PLACE} p
    JOIN {STRATUM} s ON s.id = p.stratum_id
    JOIN {TRIAL} t ON t.id = s.trial_id
    JOIN {ARM} a ON a.trial_id = t.id
    WHERE p.id = NEW.place_id AND a.id = NEW.arm_id
      AND t.id = NEW.trial_id AND t.closed_on IS NULL
      AND s.municipality_id = NEW.municipality_id AND s.risk_group = NEW.risk_group
      AND p.number = 1 + (
        SELECT COUNT(*) FROM {SUBJECT} x JOIN {PLACE} q ON q.id = x.place_id
        WHERE q.stratum_id = s.id
      )
)"""  # noqa: S608 - names of our own tables


@dataclass(frozen=True)
class Guard:
    """One trigger: on which table, before what (``UPDATE``, ``INSERT``, ``DELETE``), and the
    condition under which it refuses. ``frozen``: it refuses when one of these columns changes."""

    name: str
    table: str
    event: str = "UPDATE"
    when: str = ""
    frozen: tuple[str, ...] = ()

    def condition(self, is_not: str) -> str:
        changed = " OR ".join(f"OLD.{name} {is_not} NEW.{name}" for name in self.frozen)
        return " AND ".join(f"({part})" for part in (self.when, changed) if part)

    @cached_property
    def sqlite(self) -> list[str]:
        return [
            f"CREATE TRIGGER IF NOT EXISTS {self.name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH ROW WHEN {self.condition('IS NOT')}"
            f" BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        ]

    @cached_property
    def postgresql(self) -> list[str]:
        # In a function of its own, since a trigger's WHEN cannot look into other tables.
        condition = self.condition("IS DISTINCT FROM") or "TRUE"
        result = "OLD" if self.event == "DELETE" else "NEW"
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF {condition} THEN"
            f" RAISE EXCEPTION '{self.name}' USING ERRCODE = 'check_violation',"
            f" CONSTRAINT = '{self.name}', TABLE = '{self.table}';"
            f" END IF; RETURN {result}; END $$",
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


GUARDS = (
    Guard("trial_stays_as_decided", TRIAL, frozen=DECIDED),
    Guard(
        "trial_is_closed_once",
        TRIAL,
        when="OLD.closed_on IS NOT NULL",
        frozen=("closed_on", "opened_order", "sealed_key"),
    ),
    Guard(
        "trial_arm_stays_as_decided",
        ARM,
        frozen=("trial_id", "number", "has_mentors", "weight"),
    ),
    Guard(
        "stratum_stays_as_decided", STRATUM, frozen=("trial_id", "municipality_id", "risk_group")
    ),
    Guard("trial_place_stays_as_sealed", PLACE, frozen=("stratum_id", "number", "sealed_arm")),
    Guard("trial_subject_keeps_its_number", SUBJECT, frozen=("trial_id", "number")),
    Guard("trial_subject_stays_as_drawn", SUBJECT, when="OLD.place_id IS NOT NULL", frozen=DRAWN),
    Guard(
        "trial_draw_takes_next_place",
        SUBJECT,
        when=f"OLD.place_id IS NULL AND NEW.place_id IS NOT NULL AND {NEXT_PLACE}",
    ),
    Guard(
        "trial_subject_comes_to_next_place",
        SUBJECT,
        event="INSERT",
        when=f"NEW.place_id IS NOT NULL AND {NEXT_PLACE}",
    ),
)
# On PostgreSQL only.
KEPT = tuple(Guard(f"{table}_is_kept", table, event="DELETE") for table in TABLES)


def install(sender=None, using: str = "default", **kwargs) -> None:
    """Put every guard in place: connected to ``post_migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not _tables_are_there(connection, cursor):
            return
        if connection.vendor == "postgresql":
            statements = [one for guard in (*GUARDS, *KEPT) for one in guard.postgresql]
        else:
            statements = [one for guard in GUARDS for one in guard.sqlite]
        for statement in statements:
            cursor.execute(statement)


def step_aside(sender=None, using: str = "default", plan=(), **kwargs) -> None:
    """Remove the guards while the tables are made anew: connected to ``pre_migrate``.

    SQLite reads every trigger when a table is renamed, and refuses when one speaks of a table
    that is gone for the moment.
    """
    connection = connections[using]
    ours = any(migration.app_label == "outcomes" for migration, _backwards in plan)
    if connection.vendor == "sqlite" and ours:
        with connection.cursor() as cursor:
            for guard in GUARDS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")


def _tables_are_there(connection, cursor) -> bool:
    """Whether the tables have all that the guards speak of: not when migrated back behind them."""
    if not set(TABLES) <= set(connection.introspection.table_names(cursor)):
        return False
    described = connection.introspection.get_table_description(cursor, TRIAL)
    return "sealed_key" in {column.name for column in described}


def refuse_deletion(sender: type[Model], instance: Model, **kwargs) -> None:
    """Trials and all that belongs to them are kept: connected to ``pre_delete``."""
    raise ProtectedError("What belongs to a trial is never deleted.", {instance})
