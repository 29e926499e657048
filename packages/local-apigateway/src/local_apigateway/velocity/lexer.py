# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lexer. It reads tokens on demand: the parser decides when, and sometimes in which lexical state."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass

from .errors import TemplateSyntaxError
from .tokens import PATTERNS, Kind, State, Token

_MORE = frozenset(kind for kind in Kind if kind.name.startswith("MORE_"))
_SPECIAL = frozenset({Kind.REFERENCE_TERMINATOR, Kind.DIRECTIVE_TERMINATOR})
_BLANKS = frozenset(" \n\r\t")


@dataclass(frozen=True)
class _Saved:
    """A lexical state below the current one, with its count of parentheses."""

    state: State
    opened: int
    closed: int


class Lexer:
    """A reader of one source.

    Parentheses are counted per state, because the one that closes a directive's head ends its state. A "$" or a "#"
    is only the beginning of a token ("more"). If it turns out to be plain text, it becomes the `special` of the next
    token.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = [0, *(i + 1 for i, c in enumerate(source) if c == "\n")]
        self._position = 0
        self._state = State.TEXT
        self._stack: list[_Saved] = []
        self._opened = 0
        self._closed = 0
        self._in_comment = False
        self.in_set = False

    def switch(self, state: State) -> None:
        """Continue in another state."""
        self._state = state

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and column, both from 1, of a position in the source."""
        line = bisect.bisect_right(self._lines, position)
        return line, position - self._lines[line - 1] + 1

    def next_token(self) -> Token:
        """Return the next token. Raises TemplateSyntaxError if no token begins here."""
        special: tuple[str, ...] = ()
        start = self._position
        while True:
            if self._position >= len(self._source):
                if self._position > start:
                    raise self._error(start)
                return Token(Kind.EOF, "", *self.place(start), special)
            kind, end = self._longest(start)
            self._position = end
            if kind in _MORE:
                self._more(kind)
                continue
            image = self._source[start:end]
            if kind is Kind.SKIPPED:
                start = end
            elif kind in _SPECIAL:
                special += (image,)
                self._position -= 1
                self.pop()
                start = self._position
            else:
                return self._finish(Token(kind, image, *self.place(start), special))

    def _longest(self, start: int) -> tuple[Kind, int]:
        best: Kind | None = None
        end = self._position
        for kind, pattern in PATTERNS[self._state]:
            match = pattern.match(self._source, self._position)
            if match and match.end() > end:
                best, end = kind, match.end()
        if best is None:
            raise self._error(start)
        return best, end

    def _error(self, start: int) -> TemplateSyntaxError:
        line, column = self.place(self._position)
        if self._position >= len(self._source):
            begun = self._source[start : start + 20]
            return TemplateSyntaxError(f"the template ends within {begun!r}", line, column)
        return TemplateSyntaxError(f"{self._source[self._position]!r} is not allowed here", line, column)

    def push(self, state: State) -> None:
        """Enter a state; `pop` returns to the current one."""
        self._stack.append(_Saved(self._state, self._opened, self._closed))
        self._opened = 0
        self._state = state

    def pop(self) -> bool:
        """Return to the previous state. Returns False if there is none (the state of plain text remains)."""
        if not self._stack:
            self._opened = 0
            self._state = State.TEXT
            return False
        saved = self._stack.pop()
        self._state, self._opened, self._closed = saved.state, saved.opened, saved.closed
        return True

    def left_parenthesis_follows(self) -> bool:
        """Return whether "(" follows after any blanks, without reading it."""
        position = self._position
        while position < len(self._source) and self._source[position] in _BLANKS:
            position += 1
        return position < len(self._source) and self._source[position] == "("

    def _more(self, kind: Kind) -> None:
        if self._in_comment:
            return
        if kind is Kind.MORE_DOLLAR:
            if self._state is State.REFERENCE:
                self.pop()
            self.push(State.REFERENCE)
        elif kind is Kind.MORE_HASH:
            if self._state in (State.REFERENCE, State.MODIFIER):
                self.pop()
            self.push(State.PRE_DIRECTIVE)
        elif kind in _COMMENT_STATES:
            if kind is Kind.MORE_FORMAL_COMMENT:
                self._position -= 1
            self._in_comment = True
            self.push(_COMMENT_STATES[kind])

    def _finish(self, token: Token) -> Token:
        """Change the state as a token requires, and return the token, its image trimmed to its own characters."""
        action = _ACTIONS.get(token.kind)
        if action is not None:
            action(self, token)
        return token

    def _enter_set(self, _token: Token) -> None:
        self.push(State.DIRECTIVE)
        self.in_set = True
        self._opened += 1

    def _enter_line_comment(self, _token: Token) -> None:
        if self._state is State.REFERENCE:
            self.pop()
        self._in_comment = True
        self.push(State.LINE_COMMENT)

    def _leave_comment(self, _token: Token) -> None:
        self._in_comment = False
        self.pop()

    def _open_parenthesis(self, _token: Token) -> None:
        self._opened += 1
        if self._state is State.MODIFIER:
            self._state = State.ARGUMENTS

    def _close_parenthesis(self, _token: Token) -> None:
        """Drop to the state that has an open parenthesis, and leave it if this one closes it."""
        while self._opened == 0:
            if not self.pop():
                return
        if self._opened == self._closed + 1:
            self.pop()
        else:
            self._closed += 1

    def _end_literal(self, token: Token) -> None:
        """Leave the state of a directive without parentheses: a string ends it."""
        if token.kind is Kind.STRING and self._state is State.DIRECTIVE and self._is_bare():
            self.pop()

    def _end_number(self, token: Token) -> None:
        if token.image.endswith("..") and token.kind is Kind.INTEGER:
            self._position -= 2
            token.image = token.image[:-2]
        kept = (State.ARGUMENTS, State.INDEX) if token.kind is Kind.INTEGER else (State.ARGUMENTS,)
        if self._is_bare() and self._state not in kept:
            self.pop()

    def _is_bare(self) -> bool:
        return self._opened == 0 and not self.in_set

    def _cut_dot(self, token: Token) -> None:
        self._position -= 1
        token.image = "."
        self._state = State.MODIFIER


_COMMENT_STATES = {
    Kind.MORE_TEXTBLOCK: State.TEXTBLOCK,
    Kind.MORE_FORMAL_COMMENT: State.FORMAL_COMMENT,
    Kind.MORE_BLOCK_COMMENT: State.BLOCK_COMMENT,
}

_ACTIONS: dict[Kind, Callable[[Lexer, Token], None]] = {
    Kind.INDEX_LBRACKET: lambda lexer, _: lexer.push(State.INDEX),
    Kind.INDEX_RBRACKET: lambda lexer, _: _pop(lexer),
    Kind.RCURLY: lambda lexer, _: _pop(lexer),
    Kind.END: lambda lexer, _: _pop(lexer),
    Kind.ELSE: lambda lexer, _: _pop(lexer),
    Kind.IF: lambda lexer, _: lexer.switch(State.DIRECTIVE),
    Kind.ELSEIF: lambda lexer, _: lexer.switch(State.DIRECTIVE),
    Kind.ARGUMENTS_RPAREN: lambda lexer, _: lexer.switch(State.REFERENCE),
    Kind.LPAREN: Lexer._open_parenthesis,
    Kind.RPAREN: Lexer._close_parenthesis,
    Kind.SET_DIRECTIVE: Lexer._enter_set,
    Kind.LINE_COMMENT_START: Lexer._enter_line_comment,
    Kind.LINE_COMMENT_END: Lexer._leave_comment,
    Kind.FORMAL_COMMENT_END: Lexer._leave_comment,
    Kind.BLOCK_COMMENT_END: Lexer._leave_comment,
    Kind.TEXTBLOCK_END: Lexer._leave_comment,
    Kind.STRING: Lexer._end_literal,
    Kind.INTEGER: Lexer._end_number,
    Kind.FLOAT: Lexer._end_number,
    Kind.DOT: Lexer._cut_dot,
}


def _pop(lexer: Lexer) -> None:
    lexer.pop()
