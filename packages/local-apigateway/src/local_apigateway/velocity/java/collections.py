# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists, maps, their views and iterators: the part of java.util that templates use."""

from __future__ import annotations

from typing import Any, Protocol

from ..errors import JavaError
from ..limits import Meter
from .values import Entry, JavaArray, JavaObject, LinkedMap, View, equal, map_key

VOID = ""
"""The value of a void method in Velocity."""

MAX_MEMBERS = 1_000_000
"""Maximum number of members of a list or a map of a template."""


class Cursor(Protocol):
    """A java.util.Iterator."""

    def has_next(self) -> bool: ...

    def next(self) -> object: ...


class ListCursor:
    """An iterator over a list. It fails once the list has grown or shrunk, as in Java."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items
        self._size = len(items)
        self._position = 0

    def has_next(self) -> bool:
        return self._position != len(self._items)

    def next(self) -> object:
        if len(self._items) != self._size:
            raise JavaError("ConcurrentModificationException", "")
        if self._position >= self._size:
            raise JavaError("NoSuchElementException", "")
        self._position += 1
        return self._items[self._position - 1]


class MapCursor:
    """An iterator over a view of a map. It finds each member in advance."""

    def __init__(self, view: View) -> None:
        self._entries = view.map
        self._size = len(view)
        self._members = iter(view)
        self._left = self._size

    def has_next(self) -> bool:
        return self._left > 0

    def next(self) -> object:
        if len(self._entries) != self._size:
            raise JavaError("ConcurrentModificationException", "")
        if self._left == 0:
            raise JavaError("NoSuchElementException", "")
        self._left -= 1
        try:
            return next(self._members)
        except (RuntimeError, StopIteration):
            raise JavaError("ConcurrentModificationException", "") from None


class JavaIterator(JavaObject):
    """The result of iterator() in a template. It can be iterated once."""

    __slots__ = ("cursor",)

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def text(self, meter: Meter) -> str:
        return f"java.util.ArrayList$Itr@{self.hash(meter) & 0xFFFFFFFF:x}"


class SubList(list[Any]):
    """The result of subList(): a part of a list, through which the list can be changed."""

    def __init__(self, parent: list[Any], start: int, end: int) -> None:
        super().__init__(parent[start:end])
        self.parent = parent
        self.start = start

    def store(self, size: int) -> None:
        """Apply a change to the list that this is a part of. `size` is the length before the change."""
        self.parent[self.start : self.start + size] = self
        if isinstance(self.parent, SubList):
            self.parent.store(len(self.parent) - len(self) + size)


def cursor(value: object) -> Cursor | None:
    """Return the iterator of #foreach: a collection's members, a map's values; None for other values."""
    if isinstance(value, list):
        return ListCursor(value)
    if isinstance(value, LinkedMap):
        return MapCursor(View(value, "values"))
    if isinstance(value, View):
        return MapCursor(value)
    return value.cursor if isinstance(value, JavaIterator) else None


def _check_index(items: list[Any], index: int) -> None:
    if not 0 <= index < len(items):
        raise JavaError("IndexOutOfBoundsException", f"Index {index} out of bounds for length {len(items)}")


def _check_position(items: list[Any], index: int) -> None:
    if not 0 <= index <= len(items):
        raise JavaError("IndexOutOfBoundsException", f"Index: {index}, Size: {len(items)}")


def _check_size(size: int) -> None:
    if size > MAX_MEMBERS:
        raise JavaError("OutOfMemoryError", f"a collection has more than {MAX_MEMBERS} members")


def _members(meter: Meter, collection: Any) -> list[Any]:
    """Return the members of a java.util.Collection, each counted as a step."""
    members = list(collection)
    meter.step(len(members))
    return members


def _changed(items: list[Any], size: int) -> None:
    _check_size(len(items))
    if isinstance(items, SubList):
        items.store(size)


def index_of(meter: Meter, items: list[Any], searched: object) -> int:
    return next((i for i, item in enumerate(items) if equal(searched, item, meter)), -1)


def last_index_of(meter: Meter, items: list[Any], searched: object) -> int:
    return next((i for i in reversed(range(len(items))) if equal(searched, items[i], meter)), -1)


def contains(meter: Meter, members: Any, searched: object) -> bool:
    return any(equal(searched, member, meter) for member in members)


def contains_all(meter: Meter, members: Any, searched: Any) -> bool:
    return all(contains(meter, members, item) for item in _members(meter, searched))


def list_get(meter: Meter, items: list[Any], index: int) -> object:
    del meter
    _check_index(items, index)
    return items[index]


def list_set(meter: Meter, items: list[Any], index: int, value: object) -> object:
    del meter
    _check_index(items, index)
    before = items[index]
    items[index] = value
    _changed(items, len(items))
    return before


def _add(meter: Meter, items: list[Any], value: object) -> bool:
    del meter
    items.append(value)
    _changed(items, len(items) - 1)
    return True


def _insert(meter: Meter, items: list[Any], index: int, value: object) -> str:
    meter.step()
    _check_position(items, index)
    items.insert(index, value)
    _changed(items, len(items) - 1)
    return VOID


def _add_all(meter: Meter, items: list[Any], collection: Any) -> bool:
    return _insert_all(meter, items, len(items), collection)


def _insert_all(meter: Meter, items: list[Any], index: int, collection: Any) -> bool:
    _check_position(items, index)
    _check_size(len(items) + len(collection))
    members = _members(meter, collection)
    items[index:index] = members
    _changed(items, len(items) - len(members))
    return bool(members)


def _remove_at(meter: Meter, items: list[Any], index: int) -> object:
    meter.step()
    _check_index(items, index)
    removed = items.pop(index)
    _changed(items, len(items) + 1)
    return removed


def _remove(meter: Meter, items: list[Any], value: object) -> bool:
    index = index_of(meter, items, value)
    if index >= 0:
        _remove_at(meter, items, index)
    return index >= 0


def _keep(meter: Meter, items: list[Any], collection: Any, keep: bool) -> bool:
    size = len(items)
    members = _members(meter, collection)
    items[:] = [item for item in items if contains(meter, members, item) is keep]
    _changed(items, size)
    return len(items) != size


def _clear(meter: Meter, items: list[Any]) -> str:
    del meter
    size = len(items)
    items.clear()
    _changed(items, size)
    return VOID


def _sub_list(meter: Meter, items: list[Any], start: int, end: int) -> SubList:
    if start < 0 or end > len(items):
        name, value = ("fromIndex", start) if start < 0 else ("toIndex", end)
        raise JavaError("IndexOutOfBoundsException", f"{name} = {value}")
    if start > end:
        raise JavaError("IllegalArgumentException", f"fromIndex({start}) > toIndex({end})")
    meter.step(end - start)
    return SubList(items, start, end)


def to_array(meter: Meter, collection: Any) -> JavaArray:
    return JavaArray(_members(meter, collection), "[Ljava.lang.Object;")


READ_METHODS: dict[str, Any] = {
    "size()": lambda meter, members: len(members),
    "isEmpty()": lambda meter, members: len(members) == 0,
    "contains(Object)": contains,
    "containsAll(Collection)": contains_all,
    "iterator()": lambda meter, members: JavaIterator(cursor(members)),  # type: ignore[arg-type]
    "toArray()": to_array,
}
LIST_READ_METHODS: dict[str, Any] = {
    **READ_METHODS,
    "get(int)": list_get,
    "set(int,Object)": list_set,
    "indexOf(Object)": index_of,
    "lastIndexOf(Object)": last_index_of,
    "subList(int,int)": _sub_list,
}
LIST_METHODS: dict[str, Any] = {
    **LIST_READ_METHODS,
    "add(Object)": _add,
    "add(int,Object)": _insert,
    "addAll(Collection)": _add_all,
    "addAll(int,Collection)": _insert_all,
    "remove(int)": _remove_at,
    "remove(Object)": _remove,
    "removeAll(Collection)": lambda meter, items, other: _keep(meter, items, other, False),
    "retainAll(Collection)": lambda meter, items, other: _keep(meter, items, other, True),
    "clear()": _clear,
}


def _unsupported(*_: object) -> object:
    raise JavaError("UnsupportedOperationException", "")


ARRAY_METHODS: dict[str, Any] = {
    **LIST_READ_METHODS,
    "add(Object)": _unsupported,
    "add(int,Object)": _unsupported,
    "addAll(Collection)": _unsupported,
    "remove(int)": _unsupported,
}


def _view_remove(meter: Meter, view: View, value: object) -> bool:
    for key in view.map:
        member = next(iter(View(LinkedMap({key: view.map[key]}), view.kind)))
        if equal(value, member, meter):
            del view.map[key]
            return True
    return False


def _view_keep(meter: Meter, view: View, collection: Any, keep: bool) -> bool:
    members = _members(meter, collection)
    dropped = [
        key
        for key, member in zip(list(view.map), list(view), strict=True)
        if contains(meter, members, member) is not keep
    ]
    for key in dropped:
        del view.map[key]
    return bool(dropped)


VIEW_METHODS: dict[str, Any] = {
    **READ_METHODS,
    "remove(Object)": _view_remove,
    "removeAll(Collection)": lambda meter, view, other: _view_keep(meter, view, other, False),
    "retainAll(Collection)": lambda meter, view, other: _view_keep(meter, view, other, True),
    "clear()": lambda meter, view: _clear_map(meter, view.map),
    "add(Object)": _unsupported,
    "addAll(Collection)": _unsupported,
}


def _get(meter: Meter, entries: LinkedMap, key: object) -> object:
    return entries.get(map_key(key, meter))


def map_put(meter: Meter, entries: LinkedMap, key: object, value: object) -> object:
    name = map_key(key, meter)
    before = entries.get(name)
    entries[name] = value
    _check_size(len(entries))
    return before


def _put_all(meter: Meter, entries: LinkedMap, other: LinkedMap) -> str:
    meter.step(len(other))
    entries.update(other)
    _check_size(len(entries))
    return VOID


def _clear_map(meter: Meter, entries: LinkedMap) -> str:
    del meter
    entries.clear()
    return VOID


def _put_if_absent(meter: Meter, entries: LinkedMap, key: object, value: object) -> object:
    before = _get(meter, entries, key)
    if before is None:
        map_put(meter, entries, key, value)
    return before


def _replace(meter: Meter, entries: LinkedMap, key: object, value: object) -> object:
    return map_put(meter, entries, key, value) if map_key(key, meter) in entries else None


def _replace_if(meter: Meter, entries: LinkedMap, key: object, old: object, new: object) -> bool:
    name = map_key(key, meter)
    if name not in entries or not equal(entries[name], old, meter):
        return False
    entries[name] = new
    return True


def _remove_if(meter: Meter, entries: LinkedMap, key: object, value: object) -> bool:
    name = map_key(key, meter)
    if name not in entries or not equal(entries[name], value, meter):
        return False
    del entries[name]
    return True


MAP_METHODS: dict[str, Any] = {
    "get(Object)": _get,
    "put(Object,Object)": map_put,
    "putAll(Map)": _put_all,
    "putIfAbsent(Object,Object)": _put_if_absent,
    "getOrDefault(Object,Object)": lambda meter, m, key, default: m.get(map_key(key, meter), default),
    "remove(Object)": lambda meter, m, key: m.pop(map_key(key, meter), None),
    "remove(Object,Object)": _remove_if,
    "replace(Object,Object)": _replace,
    "replace(Object,Object,Object)": _replace_if,
    "containsKey(Object)": lambda meter, m, key: map_key(key, meter) in m,
    "containsValue(Object)": lambda meter, m, value: contains(meter, m.values(), value),
    "size()": lambda meter, m: len(m),
    "isEmpty()": lambda meter, m: not m,
    "keySet()": lambda meter, m: View(m, "keys"),
    "values()": lambda meter, m: View(m, "values"),
    "entrySet()": lambda meter, m: View(m, "entries"),
    "clear()": _clear_map,
}


def _set_value(meter: Meter, entry: Entry, value: object) -> object:
    del meter
    before = entry.value
    entry.map[entry.python_key] = value
    return before


ENTRY_METHODS: dict[str, Any] = {
    "getKey()": lambda meter, entry: entry.key,
    "getValue()": lambda meter, entry: entry.value,
    "setValue(Object)": _set_value,
}
ITERATOR_METHODS: dict[str, Any] = {
    "hasNext()": lambda meter, iterator: iterator.cursor.has_next(),
    "next()": lambda meter, iterator: iterator.cursor.next(),
}
