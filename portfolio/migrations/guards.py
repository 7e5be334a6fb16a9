"""Triggers that refuse to change what must not change, in the words of each database. Used by migrations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse `verb` (UPDATE, DELETE or INSERT) on `table` when the SQL condition over OLD or NEW holds."""

    table: str
    verb: str
    condition: str = "1 = 1"

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"guard_{self.table}_{self.verb.lower()}"


def create(guard: Guard, dialect: str) -> list[str]:
    """The statements that put a guard in place."""
    sentence = f"{guard.table} rows are on record and do not change"
    if dialect == "sqlite":
        when = f"{guard.verb} ON {guard.table} FOR EACH ROW WHEN {guard.condition}"
        return [f"CREATE TRIGGER {guard.name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"]
    refusal = f"IF {guard.condition} THEN RAISE EXCEPTION '{sentence}'; END IF;"
    kept = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    when = f"BEFORE {guard.verb} ON {guard.table} FOR EACH ROW"
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal} {kept} END $$",
        f"CREATE TRIGGER {guard.name} {when} EXECUTE FUNCTION {guard.name}()",
    ]


def drop(guard: Guard, dialect: str) -> list[str]:
    """The statements that take a guard away."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {guard.name}"]
    return [f"DROP TRIGGER {guard.name} ON {guard.table}", f"DROP FUNCTION {guard.name}()"]


def never_changes(*tables: str) -> list[Guard]:
    """Rows of these tables are only ever added."""
    return [Guard(table, verb) for table in tables for verb in ("UPDATE", "DELETE")]
