# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tokens of the template language: their kinds, and the lexical states in which each exists.

The sets follow the grammar that Apache Velocity 1.7 publishes (Parser.jjt): a lexical state decides which tokens
exist, the longest match wins, and of two equally long ones the one that is listed first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto


class State(Enum):
    """Lexical states. The state decides which tokens exist at a place in the source."""

    TEXT = auto()
    PRE_DIRECTIVE = auto()
    DIRECTIVE = auto()
    REFERENCE = auto()
    MODIFIER = auto()
    ARGUMENTS = auto()
    INDEX = auto()
    LINE_COMMENT = auto()
    FORMAL_COMMENT = auto()
    BLOCK_COMMENT = auto()
    TEXTBLOCK = auto()


class Kind(Enum):
    """Kinds of tokens. MORE_* and SKIPPED never reach the parser."""

    EOF = auto()
    INDEX_LBRACKET = auto()
    INDEX_RBRACKET = auto()
    LBRACKET = auto()
    RBRACKET = auto()
    COMMA = auto()
    DOUBLEDOT = auto()
    COLON = auto()
    LEFT_CURLEY = auto()
    RIGHT_CURLEY = auto()
    LPAREN = auto()
    RPAREN = auto()
    ARGUMENTS_RPAREN = auto()
    ESCAPE_DIRECTIVE = auto()
    SET_DIRECTIVE = auto()
    MORE_DOLLAR = auto()
    MORE_TEXTBLOCK = auto()
    MORE_FORMAL_COMMENT = auto()
    MORE_BLOCK_COMMENT = auto()
    MORE_HASH = auto()
    MORE_CHARACTER = auto()
    LINE_COMMENT_START = auto()
    DOUBLE_ESCAPE = auto()
    ESCAPE = auto()
    TEXT = auto()
    LINE_COMMENT_END = auto()
    FORMAL_COMMENT_END = auto()
    BLOCK_COMMENT_END = auto()
    TEXTBLOCK_END = auto()
    SKIPPED = auto()
    WHITESPACE = auto()
    STRING = auto()
    TRUE = auto()
    FALSE = auto()
    MINUS = auto()
    PLUS = auto()
    MULTIPLY = auto()
    DIVIDE = auto()
    MODULUS = auto()
    AND = auto()
    OR = auto()
    LT = auto()
    LE = auto()
    GT = auto()
    GE = auto()
    EQ = auto()
    NE = auto()
    NOT = auto()
    ASSIGN = auto()
    END = auto()
    IF = auto()
    ELSEIF = auto()
    ELSE = auto()
    INTEGER = auto()
    FLOAT = auto()
    WORD = auto()
    BRACKETED_WORD = auto()
    IDENTIFIER = auto()
    DOT = auto()
    LCURLY = auto()
    RCURLY = auto()
    REFERENCE_TERMINATOR = auto()
    DIRECTIVE_TERMINATOR = auto()
    EMPTY_INDEX = auto()


@dataclass
class Token:
    """One token of the source. `special` are abandoned beginnings of tokens ("$", "#") before it."""

    kind: Kind
    image: str
    line: int
    column: int
    special: tuple[str, ...] = ()
    next: Token | None = field(default=None, repr=False)


_ALL = tuple(State)
_EOL = r"(?:[ \t]*(?:\r\n|\n|\r))?"
_WORD = r"[a-zA-Z_@][a-zA-Z0-9_@]*"
_BRACKETED = r"\{[a-zA-Z_][a-zA-Z0-9_@]*\}"
_DIRECTIVE = (State.DIRECTIVE,)
_PARAMETERS = (State.DIRECTIVE, State.ARGUMENTS)
_VALUES = (State.DIRECTIVE, State.ARGUMENTS, State.INDEX)
_REFERENCES = (State.REFERENCE, State.MODIFIER)
_COMMENTS = (State.LINE_COMMENT, State.FORMAL_COMMENT, State.BLOCK_COMMENT)
_NUMBERS = (State.PRE_DIRECTIVE, *_VALUES)
_WORDS = (State.PRE_DIRECTIVE, State.DIRECTIVE)
_TEXT = (State.TEXT,)

_DEFINITIONS: tuple[tuple[Kind, str, tuple[State, ...]], ...] = (
    (Kind.INDEX_LBRACKET, r"\[", _REFERENCES),
    (Kind.INDEX_RBRACKET, r"\]", (State.INDEX,)),
    (Kind.LBRACKET, r"\[", _PARAMETERS),
    (Kind.RBRACKET, r"\]", _PARAMETERS),
    (Kind.COMMA, r",", _PARAMETERS),
    (Kind.DOUBLEDOT, r"\.\.", _PARAMETERS),
    (Kind.COLON, r":", _PARAMETERS),
    (Kind.LEFT_CURLEY, r"\{", _PARAMETERS),
    (Kind.RIGHT_CURLEY, r"\}", _PARAMETERS),
    (Kind.LPAREN, r"\(", (State.DIRECTIVE, State.MODIFIER)),
    (Kind.RPAREN, rf"\){_EOL}", _DIRECTIVE),
    (Kind.ARGUMENTS_RPAREN, r"\)", (State.ARGUMENTS,)),
    (Kind.ESCAPE_DIRECTIVE, rf"(?:\\\\)*\\#(?:{_WORD}|{_BRACKETED})", _TEXT),
    (
        Kind.SET_DIRECTIVE,
        r"[ \t]*(?:#set|#\{set\}) *\(",
        (State.TEXT, State.REFERENCE, State.MODIFIER, State.ARGUMENTS),
    ),
    (Kind.MORE_DOLLAR, r"\\*\$(?:\\*!)?", _ALL),
    (Kind.MORE_TEXTBLOCK, r"#\[\[", _ALL),
    (Kind.MORE_FORMAL_COMMENT, r"#\*\*[^#]", _ALL),
    (Kind.MORE_BLOCK_COMMENT, r"#\*", _ALL),
    (Kind.MORE_HASH, r"#", _ALL),
    (Kind.LINE_COMMENT_START, r"##", (State.TEXT, State.PRE_DIRECTIVE, State.DIRECTIVE, State.REFERENCE)),
    (Kind.DOUBLE_ESCAPE, r"\\\\", _TEXT),
    (Kind.ESCAPE, r"\\", _TEXT),
    (Kind.TEXT, r"[^$#\\]+", _TEXT),
    (Kind.LINE_COMMENT_END, r"\r\n|\n|\r", (State.LINE_COMMENT,)),
    (Kind.FORMAL_COMMENT_END, r"\*#", (State.FORMAL_COMMENT,)),
    (Kind.BLOCK_COMMENT_END, r"\*#", (State.BLOCK_COMMENT,)),
    (Kind.TEXTBLOCK_END, r"\]\]#", (State.TEXTBLOCK,)),
    (Kind.SKIPPED, r"[^*$#\\\n\r]+|.", _COMMENTS),
    (Kind.MORE_CHARACTER, r"[^\]$#\\]+|.", (State.TEXTBLOCK,)),
    (Kind.WHITESPACE, r"[ \t\n\r]+", _VALUES),
    (Kind.STRING, r"\"[^\"]*(?:\"\"[^\"]*)*\"|'[^']*(?:''[^']*)*'", _VALUES),
    (Kind.TRUE, r"true", (*_REFERENCES, *_VALUES)),
    (Kind.FALSE, r"false", (*_REFERENCES, *_VALUES)),
    (Kind.MINUS, r"-", _DIRECTIVE),
    (Kind.PLUS, r"\+", _DIRECTIVE),
    (Kind.MULTIPLY, r"\*", _DIRECTIVE),
    (Kind.DIVIDE, r"/", _DIRECTIVE),
    (Kind.MODULUS, r"%", _DIRECTIVE),
    (Kind.AND, r"&&|and", _DIRECTIVE),
    (Kind.OR, r"\|\||or", _DIRECTIVE),
    (Kind.LT, r"<|lt", _DIRECTIVE),
    (Kind.LE, r"<=|le", _DIRECTIVE),
    (Kind.GT, r">|gt", _DIRECTIVE),
    (Kind.GE, r">=|ge", _DIRECTIVE),
    (Kind.EQ, r"==|eq", _DIRECTIVE),
    (Kind.NE, r"!=|ne", _DIRECTIVE),
    (Kind.NOT, r"!|not", _DIRECTIVE),
    (Kind.ASSIGN, r"=", _DIRECTIVE),
    (Kind.END, rf"end{_EOL}|\{{end\}}{_EOL}", (State.PRE_DIRECTIVE,)),
    (Kind.IF, r"if|\{if\}", (State.PRE_DIRECTIVE,)),
    (Kind.ELSEIF, r"elseif|\{elseif\}", (State.PRE_DIRECTIVE,)),
    (Kind.ELSE, rf"else{_EOL}|\{{else\}}{_EOL}", (State.PRE_DIRECTIVE,)),
    (Kind.INTEGER, r"-?[0-9]+(?:\.\.)?", _NUMBERS),
    (
        Kind.FLOAT,
        r"-?[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|-?\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+",
        _NUMBERS,
    ),
    (Kind.WORD, _WORD, _WORDS),
    (Kind.BRACKETED_WORD, _BRACKETED, _WORDS),
    (Kind.IDENTIFIER, r"[a-zA-Z_][a-zA-Z0-9_-]*", (*_REFERENCES, State.ARGUMENTS)),
    (Kind.DOT, r"\.[a-zA-Z]", (*_REFERENCES, State.ARGUMENTS)),
    (Kind.LCURLY, r"\{", _REFERENCES),
    (Kind.RCURLY, r"\}", _REFERENCES),
    (Kind.REFERENCE_TERMINATOR, r".", _REFERENCES),
    (Kind.DIRECTIVE_TERMINATOR, r".", (State.PRE_DIRECTIVE,)),
    (Kind.EMPTY_INDEX, r"\$\[|\$!\[|\$\\!\[|\$\.", (State.TEXT, State.REFERENCE)),
)

PATTERNS: dict[State, tuple[tuple[Kind, re.Pattern[str]], ...]] = {
    state: tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern, states in _DEFINITIONS if state in states)
    for state in State
}
