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
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW "
            f"WHEN {guard.condition} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        ]
    row = "NEW" if guard.verb == "INSERT" else "OLD"
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard.condition} THEN RAISE EXCEPTION '{sentence}'; END IF; "
        f"IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF; RETURN {row}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


def drop(guard: Guard, dialect: str) -> list[str]:
    """The statements that take a guard away."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {guard.name}"]
    return [f"DROP TRIGGER {guard.name} ON {guard.table}", f"DROP FUNCTION {guard.name}()"]


def never_changes(*tables: str) -> list[Guard]:
    """Rows of these tables are only ever added."""
    return [Guard(table, verb) for table in tables for verb in ("UPDATE", "DELETE")]
