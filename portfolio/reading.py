"""Reading without ceremony: a statement is worked out once, and then runs on the driver's own cursor.

It reads what SQLAlchemy would read: the same SQL, the same kinds of values and the same errors, which never say what
was sent; and whoever listens to what runs on a connection hears of it. Statements that differ in their constants alone
share what was worked out. Nothing of what was read is kept.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Dialect, Engine, Enum
from sqlalchemy.exc import DBAPIError, InvalidRequestError, MultipleResultsFound, NoResultFound, OperationalError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import FROM_LINTING, SQLCompiler
from sqlalchemy.sql.selectable import SelectBase, TypedReturnsRows
from sqlalchemy.types import TypeEngine

from portfolio.kept import Kept

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Change = Callable[[Any], Any]
"""From a value of ours to one of the driver's, or back."""

FORMS_MOST = 1_000
"""How many statements of different shape are remembered."""
LENGTHS_MOST = 200
"""For how many lengths of its lists a statement is remembered."""


class Record(tuple[*Ts]):
    """A row: its values in order, each also by the name of its column."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The value of the column with this name."""


class Values(Generic[T]):
    """The first column of what was read."""

    __slots__ = ("_found",)

    def __init__(self, found: list[T]) -> None:
        self._found = found

    def __iter__(self) -> Iterator[T]:
        return iter(self._found)

    def all(self) -> list[T]:
        """Every value."""
        return self._found

    def first(self) -> T | None:
        """The first, if there is one."""
        return self._found[0] if self._found else None

    def one(self) -> T:
        """The only one. Raises NoResultFound or MultipleResultsFound."""
        return _only(self._found)

    def one_or_none(self) -> T | None:
        """The only one, if there is one. Raises MultipleResultsFound."""
        return _only(self._found) if self._found else None


class Rows(Generic[*Ts]):
    """What was read: all of it is here already."""

    __slots__ = ("_raw", "_shape")

    def __init__(self, shape: "Shape", raw: Sequence[Sequence[Any]]) -> None:
        self._shape, self._raw = shape, raw

    def __iter__(self) -> Iterator[Record[*Ts]]:
        return iter(self.all())

    def all(self) -> list[Record[*Ts]]:
        """Every row."""
        return self._shape.records(self._raw)

    def tuples(self) -> Sequence[tuple[*Ts]]:
        """Every row without the names of its columns, where there are many."""
        return self._shape.tuples(self._raw)

    def first(self) -> Record[*Ts] | None:
        """The first, if there is one."""
        return self._shape.records(self._raw[:1])[0] if self._raw else None

    def one(self) -> Record[*Ts]:
        """The only one. Raises NoResultFound or MultipleResultsFound."""
        only: Record[*Ts] = self._shape.records([_only(self._raw)])[0]
        return only

    def one_or_none(self) -> Record[*Ts] | None:
        """The only one, if there is one. Raises MultipleResultsFound."""
        return self.one() if self._raw else None

    def scalars(self: "Rows[T, *tuple[Any, ...]]") -> Values[T]:
        """The first column."""
        return Values(self._shape.firsts(self._raw))

    def scalar_one(self: "Rows[T, *tuple[Any, ...]]") -> T:
        """The first column of the only row. Raises NoResultFound or MultipleResultsFound."""
        return self.scalars().one()


def _only(found: Sequence[T]) -> T:
    if not found:
        raise NoResultFound("No row was found when one was required")
    if len(found) > 1:
        raise MultipleResultsFound("Multiple rows were found when exactly one was required")
    return found[0]


class Words(dict[Any, Any]):
    """The members of an enumeration by what the database keeps, each found out once."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, word: Any) -> Any:
        """Raises LookupError for a word that no member has."""
        found = self[word] = self._change(word)
        return found


class Shape:
    """The columns of a result: what each is called, and what is made of the driver's value."""

    __slots__ = ("_changes", "_first", "_record")

    def __init__(self, names: Sequence[str], changes: Sequence[Change | None]) -> None:
        fields = namedtuple("Record", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - its names are a query's
        self._record = partial(tuple.__new__, fields)
        self._changes = [(place, change) for place, change in enumerate(changes) if change is not None]
        self._first = changes[0]

    def records(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        """Rows of ours from the driver's."""
        return list(map(self._record, self.tuples(raw)))

    def tuples(self, raw: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """The same as they are, without names; a column is gone through at a time."""
        if not self._changes or not raw:
            return raw
        if len(raw) == 1:
            values = [*raw[0]]
            for place, change in self._changes:
                values[place] = change(values[place])
            return [tuple(values)]
        columns: list[Any] = list(zip(*raw, strict=True))
        for place, change in self._changes:
            columns[place] = map(change, columns[place])
        return list(zip(*columns, strict=True))

    def firsts(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        """The first value of each row."""
        found = map(itemgetter(0), raw)
        return list(found if self._first is None else map(self._first, found))


@dataclass(frozen=True, slots=True)
class Text:
    """SQL as it is sent, with lists of certain lengths in it."""

    sql: str
    order: Callable[[Mapping[str, Any]], Any] | None
    """Takes the values for the places of the SQL, in order; None where it names them."""
    lists: Mapping[str, Sequence[tuple[str, Change | None]]]
    """For each parameter that takes a list, what its members are called, and what the driver is given for each."""


def _in_order(names: Sequence[str] | None) -> Callable[[Mapping[str, Any]], Any] | None:
    if names is None:
        return None
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


@dataclass(slots=True)
class Form:
    """What statements that differ in their constants alone have in common."""

    compiled: SQLCompiler
    kinds: Sequence[TypeEngine[Any]]
    keys: Sequence[str]
    """The constants that may differ, in the order in which each statement gives its own."""
    text: Text | None = None
    """The SQL, when no list is part of it."""
    shape: Shape | None = None
    texts: dict[tuple[int, ...], Text] = field(default_factory=dict)
    """The SQL by the lengths of its lists."""

    def text_for(self, values: Mapping[str, Any], lists: Sequence[str]) -> Text:
        """The SQL for lists as long as these."""
        lengths = tuple(len(values[name]) for name in lists)
        found = self.texts.get(lengths)
        if found is None:
            if len(self.texts) >= LENGTHS_MOST:
                self.texts.clear()
            found = self.texts[lengths] = self._made(values)
        return found

    def _made(self, values: Mapping[str, Any]) -> Text:
        state = self.compiled.construct_expanded_state(dict(values))
        lists = {
            name: [(member, state.processors.get(member)) for member in members]
            for name, members in state.parameter_expansion.items()
        }
        return Text(state.statement, _in_order(state.positiontup), lists)

    def shape_of(self, description: Sequence[Sequence[Any]], dialect: Dialect) -> Shape:
        """The shape of what the cursor describes, the same for every run."""
        if self.shape is None:
            changes = [
                _from_driver(kind, dialect, column[1]) for kind, column in zip(self.kinds, description, strict=True)
            ]
            self.shape = Shape([column[0] for column in description], changes)
        return self.shape


def _from_driver(kind: TypeEngine[Any], dialect: Dialect, code: Any) -> Change | None:
    change = kind.dialect_impl(dialect).result_processor(dialect, code)
    return Words(change).__getitem__ if change is not None and isinstance(kind, Enum) else change


def _to_driver(bind: BindParameter[Any], dialect: Dialect) -> Change | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


class Plan:
    """One statement, ready to be run with values for its bound parameters."""

    __slots__ = ("_constants", "_form", "_lists", "_optional", "_wanted")

    def __init__(self, form: Form, constants: Mapping[str, Any], dialect: Dialect) -> None:
        self._form = form
        self._constants: dict[str, Any] = {}
        self._wanted: list[tuple[str, str, Change | None]] = []
        self._optional: dict[str, tuple[str, Change | None]] = {}
        self._lists: list[str] = []
        for bind, name in form.compiled.bind_names.items():
            change = None if bind.expanding else _to_driver(bind, dialect)
            if bind.expanding:
                self._lists.append(name)
            if bind.required:
                self._wanted.append((bind.key, name, change))
            else:
                value = constants.get(bind.key, bind.effective_value)
                self._constants[name] = value if change is None else change(value)
                if not bind.unique:
                    self._optional[bind.key] = name, change

    def bound(self, given: Mapping[str, Any]) -> tuple[str, Any]:
        """The SQL, and what the driver is given with it. Raises InvalidRequestError when a value is missing."""
        values = self._constants.copy()
        for key, name, change in self._wanted:
            try:
                value = given[key]
            except KeyError:
                raise InvalidRequestError(f"A value is required for bind parameter {key!r}") from None
            values[name] = value if change is None else change(value)
        if self._optional:
            self._prefer(given, values)
        text = self._form.text or self._form.text_for(values, self._lists)
        for name, members in text.lists.items():
            for (member, change), value in zip(members, values.pop(name), strict=True):
                values[member] = value if change is None else change(value)
        return text.sql, values if text.order is None else text.order(values)

    def _prefer(self, given: Mapping[str, Any], values: dict[str, Any]) -> None:
        """Have what is given in place of what the statement itself says. Raises InvalidRequestError when a name may be
        meant for that and is another; elsewhere it is left alone, for what was always false falls out of a statement.
        """
        for key, (name, change) in self._optional.items():
            if key in given:
                values[name] = given[key] if change is None else change(given[key])
        unknown = given.keys() - self._optional.keys() - {key for key, *_ in self._wanted}
        if unknown and self._optional.keys() - given.keys():
            raise InvalidRequestError(f"There is no bind parameter {min(unknown)!r}")

    def shape_of(self, description: Sequence[Sequence[Any]], dialect: Dialect) -> Shape:
        """The shape of what the cursor describes."""
        return self._form.shape_of(description, dialect)


_PLANS: dict[str, WeakKeyDictionary[Any, Plan]] = {}
_FORMS = Kept[tuple[str, Any, tuple[bool, ...]], Form](FORMS_MOST)


def _plan_of(statement: TypedReturnsRows[*Ts], dialect: Dialect) -> Plan:
    plans = _PLANS.get(dialect.name)
    if plans is None:
        plans = _PLANS.setdefault(dialect.name, WeakKeyDictionary())
    plan = plans.get(statement)
    if plan is None:
        if not isinstance(statement, SelectBase):
            raise TypeError("only a query can be read")
        plan = plans[statement] = _planned(statement, dialect)
    return plan


def _planned(statement: SelectBase, dialect: Dialect) -> Plan:
    shared = statement._generate_cache_key()  # noqa: SLF001 - the key that SQLAlchemy's own examples of caching use
    if shared is None:
        return Plan(_formed(statement, dialect, ()), {}, dialect)
    at = dialect.name, shared.key, tuple(bind.required for bind in shared.bindparams)
    form = _FORMS.get(at)
    if form is None:
        form = _formed(statement, dialect, [bind.key for bind in shared.bindparams])
        _FORMS.keep(at, form)
    constants = zip(form.keys, (bind.effective_value for bind in shared.bindparams), strict=True)
    return Plan(form, dict(constants), dialect)


def _formed(statement: SelectBase, dialect: Dialect, keys: Sequence[str]) -> Form:
    compiled = statement.compile(dialect=dialect, linting=FROM_LINTING)
    form = Form(compiled, [column.type for column in statement.selected_columns], keys)
    if not any(bind.expanding for bind in compiled.bind_names):
        form.text = Text(compiled.string, _in_order(compiled.positiontup), {})
    # a form outlives its statement, and a plan is forgotten with its own only when nothing else holds that
    compiled.statement = compiled.compile_state = compiled.cache_key = None
    return form


def run(
    pooled: PoolProxiedConnection, engine: Engine, statement: TypedReturnsRows[*Ts], values: Mapping[str, Any]
) -> Rows[*Ts]:
    """The rows of a statement. Raises SQLAlchemy's errors."""
    dialect = engine.dialect
    plan = _plan_of(statement, dialect)
    sql, sent = plan.bound(values)
    try:
        cursor = pooled.cursor()
        try:
            for listener in engine.dispatch.before_cursor_execute:
                listener(pooled, cursor, sql, sent, None, False)
            cursor.execute(sql, sent)
            return Rows(plan.shape_of(cursor.description, dialect), cursor.fetchall())
        finally:
            cursor.close()
    except dialect.loaded_dbapi.Error as error:
        raise told(error, engine, pooled, sql) from error


def told(error: Any, engine: Engine, pooled: PoolProxiedConnection | None = None, sql: str | None = None) -> DBAPIError:
    """The driver's error as SQLAlchemy tells it; a connection that is gone is not used again."""
    dialect = engine.dialect
    is_gone = dialect.is_disconnect(error, pooled, None)
    if is_gone and pooled is not None:
        pooled.invalidate(error)
    kind = dialect.loaded_dbapi.Error
    as_told: DBAPIError = DBAPIError.instance(
        sql, None, error, kind, hide_parameters=True, connection_invalidated=is_gone, dialect=dialect
    )
    return as_told


def gone() -> OperationalError:
    """What is told when a connection that was lost is asked once more."""
    lost = ConnectionError("the connection to the database was lost")
    return OperationalError(None, None, lost, hide_parameters=True, connection_invalidated=True)
