# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Patch operations of the Update calls: JSON pointers into a wire shape.

A path is split at `/`, and in each part `~1` stands for `/` and `~0` for `~` (RFC 6901). AWS does not implement JSON
Patch: each kind of resource has its own list of paths, and one of two wordings of errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model import Wire
from .errors import BadRequestError, NotFoundError


@dataclass(frozen=True)
class Patch:
    """One operation. `parts` are the unescaped parts of `path`; `value` is None if the call has no value."""

    op: str
    path: str | None
    value: str | None
    source: str | None

    @property
    def parts(self) -> tuple[str, ...]:
        return split_pointer(self.path or "")

    @property
    def flag(self) -> bool:
        """Return the value as a boolean: anything but "true" is false, a missing value too (recorded)."""
        return (self.value or "").lower() == "true"


def split_pointer(path: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def patches(params: Wire) -> Iterator[Patch]:
    for item in params.get("patchOperations") or ():
        yield Patch(item.get("op", ""), item.get("path"), item.get("value"), item.get("from"))


def invalid_path(patch: Patch) -> BadRequestError:
    return BadRequestError(f"Invalid patch path {'null' if patch.path is None else patch.path}")


def only(patch: Patch, *ops: str) -> None:
    """Raise for an operation that is not in `ops`, in the words of UpdateRestApi and UpdateMethod."""
    if patch.op not in ops:
        raise BadRequestError(f"Invalid patch operation specified. Must be one of: [{', '.join(ops)}]")


def replace_members(wire: Wire, params: Wire, allowed: Mapping[str, Callable[[Patch], object]]) -> None:
    """Apply patches to a shape whose members can only be replaced (a model, a validator, a resource).

    `allowed` is by path, in AWS's order; each entry converts the patch to the value to store.
    """
    for patch in patches(params):
        if patch.op != "replace":
            raise _unsupported(patch, ())
        path = patch.path or ""
        if path not in allowed:
            raise _unsupported(patch, allowed)
        wire[path[1:]] = allowed[path](patch)


def _unsupported(patch: Patch, allowed: Iterable[str]) -> BadRequestError:
    paths = ", ".join(allowed)
    hint = f"Must be one of: [{paths}]" if paths else "Please choose supported operations"
    return BadRequestError(f"Invalid patch path  '{patch.path}' specified for op '{patch.op}'. {hint}")


@dataclass(frozen=True)
class Scalar:
    """A member with one value. It can be replaced, and added or removed if `ops` has that."""

    convert: Callable[[Patch], object] = lambda patch: patch.value or None
    ops: tuple[str, ...] = ("replace",)


@dataclass(frozen=True)
class Entries:
    """A member that is a map. Its entries are added, replaced and removed under their escaped names.

    `missing` is AWS's text for replacing or removing an entry that does not exist.
    """

    missing: str
    convert: Callable[[Patch], object] = lambda patch: patch.value


@dataclass(frozen=True)
class Names:
    """A member that is a list of names, patched as if it were a map: `add /binaryMediaTypes/image~1png`.

    With `takes_values`, the name can also be the patch's value: `add /authorizationScopes`, `value: a/c`. This is how
    Terraform's AWS provider adds and removes scopes of methods and ARNs of authorizers
    (internal/service/apigateway/method.go and authorizer.go).
    """

    missing: str
    takes_values: bool = False


Rule = Scalar | Entries | Names
Reject = Callable[[Patch, tuple[str, ...]], None]


def apply(wire: Wire, patch: Patch, rules: Mapping[str, Rule], reject: Reject) -> None:
    """Apply one patch to a shape by the rule of the first part of its path.

    `reject` raises for an operation that is not allowed. A path without a rule is an invalid path.
    """
    parts = patch.parts
    rule = rules.get(parts[0]) if parts else None
    if isinstance(rule, Scalar) and len(parts) == 1:
        reject(patch, rule.ops)
        set_member(wire, parts[0], None if patch.op == "remove" else rule.convert(patch))
    elif isinstance(rule, Entries) and len(parts) == 2:
        _apply_entry(wire, patch, rule)
    elif isinstance(rule, Names) and len(parts) == 2:
        _apply_name(wire, patch, rule, parts[1])
    elif (
        isinstance(rule, Names)
        and rule.takes_values
        and len(parts) == 1
        and patch.value
        and patch.op in ("add", "remove")
    ):
        _apply_name(wire, patch, rule, patch.value)
    else:
        raise invalid_path(patch)


def _apply_entry(wire: Wire, patch: Patch, rule: Entries) -> None:
    member, name = patch.parts
    entries = dict(wire.get(member) or {})
    if patch.op != "add" and name not in entries:
        raise NotFoundError(rule.missing)
    if patch.op == "remove":
        del entries[name]
    else:
        entries[name] = rule.convert(patch)
    set_member(wire, member, entries or None)


def _apply_name(wire: Wire, patch: Patch, rule: Names, name: str) -> None:
    """Replace a name (the new one becomes the last), remove it, or add it. Adding an existing name changes nothing."""
    member = patch.parts[0]
    names = list(wire.get(member) or [])
    if patch.op != "add":
        if name not in names:
            raise NotFoundError(rule.missing)
        names.remove(name)
    added = {"add": name, "replace": patch.value}.get(patch.op)
    if added and added not in names:
        names.append(added)
    set_member(wire, member, names or None)


def set_member(wire: Wire, name: str, value: object) -> None:
    """Set a member, or remove it if the value is None."""
    if value is None:
        wire.pop(name, None)
    else:
        wire[name] = value
