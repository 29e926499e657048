# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parser: tokens to syntax tree.

The grammar is that of Apache Velocity 1.7, including its corner cases: the places and lengths of its look-ahead, and
what it reads as plain text, decide what a template prints. A template that AWS rejects must be rejected here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .errors import TemplateSyntaxError
from .java.values import BigInteger, Long
from .lexer import Lexer
from .nodes import (
    Break,
    Chain,
    Constant,
    Define,
    Expression,
    Failure,
    Foreach,
    Group,
    If,
    Index,
    ListLiteral,
    MapLiteral,
    MethodCall,
    Not,
    Operation,
    Place,
    Property,
    Range,
    Reference,
    Set,
    Statement,
    Step,
    Stop,
    StringLiteral,
    Text,
    Word,
)
from .tokens import Kind, State, Token

MAX_NESTING = 40
"""Maximum nesting of blocks, brackets and strings, well below the depth of Python's stack."""

_TEXT = frozenset(
    {
        Kind.TEXT,
        Kind.DOT,
        Kind.RPAREN,
        Kind.LPAREN,
        Kind.INTEGER,
        Kind.FLOAT,
        Kind.STRING,
        Kind.ESCAPE,
        Kind.LCURLY,
        Kind.RCURLY,
        Kind.EMPTY_INDEX,
    }
)
_COMMENTS = frozenset({Kind.LINE_COMMENT_START, Kind.BLOCK_COMMENT_END, Kind.FORMAL_COMMENT_END})
_STATEMENTS = (
    _TEXT
    | _COMMENTS
    | {
        Kind.IF,
        Kind.IDENTIFIER,
        Kind.TEXTBLOCK_END,
        Kind.SET_DIRECTIVE,
        Kind.ESCAPE_DIRECTIVE,
        Kind.DOUBLE_ESCAPE,
        Kind.WORD,
        Kind.BRACKETED_WORD,
    }
)
_VALUES = frozenset(
    {
        Kind.STRING,
        Kind.INTEGER,
        Kind.FLOAT,
        Kind.LBRACKET,
        Kind.LEFT_CURLEY,
        Kind.TRUE,
        Kind.FALSE,
        Kind.IDENTIFIER,
        Kind.LCURLY,
    }
)
_ARGUMENTS = _VALUES | {Kind.WORD}
_BLOCK_DIRECTIVES = frozenset({"foreach", "define", "macro", "literal"})
_LINE_DIRECTIVES = frozenset({"stop", "break", "parse", "include"})
_DIRECTIVES = _BLOCK_DIRECTIVES | _LINE_DIRECTIVES
_BUILT_IN = frozenset({"if", "end", "set", "else", "elseif"})
_PRECEDENCE: tuple[dict[Kind, str], ...] = (
    {Kind.OR: "||"},
    {Kind.AND: "&&"},
    {Kind.EQ: "==", Kind.NE: "!="},
    {Kind.LT: "<", Kind.GT: ">", Kind.LE: "<=", Kind.GE: ">="},
    {Kind.PLUS: "+", Kind.MINUS: "-"},
    {Kind.MULTIPLY: "*", Kind.DIVIDE: "/", Kind.MODULUS: "%"},
)


def parse_source(source: str, nesting: int = 0) -> tuple[Statement, ...]:
    """Parse a source into statements. Raises TemplateSyntaxError."""
    return _Parser(source, nesting).template()


class _Parser:
    def __init__(self, source: str, nesting: int) -> None:
        self._lexer = Lexer(source)
        self._token = Token(Kind.EOF, "", 1, 1)
        self._macros: set[str] = set()
        self._nesting = nesting

    def template(self) -> tuple[Statement, ...]:
        statements = self._block()
        self._take(Kind.EOF)
        return statements

    # tokens

    def _ahead(self, token: Token) -> Token:
        if token.next is None:
            token.next = self._lexer.next_token()
        return token.next

    def _peek(self) -> Kind:
        return self._ahead(self._token).kind

    def _peek_second(self) -> Kind:
        return self._ahead(self._ahead(self._token)).kind

    def _advance(self) -> Token:
        self._token = self._ahead(self._token)
        return self._token

    def _take(self, *kinds: Kind) -> Token:
        token = self._ahead(self._token)
        if token.kind not in kinds:
            raise self._unexpected(token, kinds)
        return self._advance()

    def _skip_whitespace(self) -> None:
        if self._peek() is Kind.WHITESPACE:
            self._advance()

    def _unexpected(self, token: Token, expected: tuple[Kind, ...]) -> TemplateSyntaxError:
        found = repr(token.image) if token.image else "the end of the template"
        names = " or ".join(_name(kind) for kind in expected)
        return TemplateSyntaxError(f"found {found}, expected {names}", token.line, token.column)

    def _enter(self, token: Token) -> None:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            message = f"nested more than {MAX_NESTING} levels deep"
            raise TemplateSyntaxError(message, token.line, token.column)

    def _leave(self) -> None:
        self._nesting -= 1

    # statements

    def _block(self) -> tuple[Statement, ...]:
        statements: list[Statement] = []
        self._enter(self._token)
        while self._peek() in _STATEMENTS:
            statements.append(self._statement())
        self._leave()
        return tuple(statements)

    def _statement(self) -> Statement:
        kind = self._peek()
        if kind is Kind.IF:
            return self._if()
        if kind is Kind.IDENTIFIER or (kind is Kind.LCURLY and self._peek_second() is Kind.IDENTIFIER):
            return _printed(self._reference())
        if kind in _TEXT:
            return Text(_token_literal(self._advance()))
        return _STATEMENT_RULES[kind](self)

    def _comment(self) -> Text:
        token = self._advance()
        if token.kind is Kind.LINE_COMMENT_START and self._peek() is Kind.LINE_COMMENT_END:
            self._advance()
        match = re.search(r"##|#\*", token.image)
        return Text(token.image[: match.start()] if match else "")

    def _textblock(self) -> Text:
        return Text(self._advance().image[3:-3])

    def _escape(self) -> Text:
        """Read backslashes: pairs before a directive escape it, before anything else they are text."""
        count = 0
        while self._peek() is Kind.DOUBLE_ESCAPE:
            self._advance()
            count += 1
        following = self._ahead(self._token)
        control = following.kind in (Kind.IF, Kind.ELSE, Kind.ELSEIF, Kind.END)
        if control or self._is_directive(following.image[1:]):
            return Text("\\" * count)
        return Text("\\\\" * count)

    def _escaped_directive(self) -> Text:
        token = self._advance()
        slash = token.image.rindex("\\")
        name = token.image[slash + 2 :].strip("{}")
        if self._is_directive(name) or name in _BUILT_IN:
            token.image = token.image[: slash // 2] + token.image[slash + 1 :]
        return Text(token.image)

    def _is_directive(self, name: str) -> bool:
        return name in _DIRECTIVES or name in self._macros

    def _if(self) -> If:
        branches: list[tuple[Expression | None, tuple[Statement, ...]]] = [self._branch()]
        while self._peek() is Kind.ELSEIF:
            branches.append(self._branch())
        if self._peek() is Kind.ELSE:
            self._advance()
            branches.append((None, self._block()))
        self._take(Kind.END)
        return If(tuple(branches))

    def _branch(self) -> tuple[Expression, tuple[Statement, ...]]:
        self._advance()
        self._skip_whitespace()
        self._take(Kind.LPAREN)
        condition = self._expression()
        self._take(Kind.RPAREN)
        return condition, self._block()

    def _set(self) -> Set:
        self._advance()
        self._skip_whitespace()
        target = self._reference()
        self._skip_whitespace()
        self._take(Kind.ASSIGN)
        value = self._expression()
        self._take(Kind.RPAREN)
        self._lexer.in_set = False
        return Set(target, value)

    # directives

    def _directive(self) -> Statement:
        token = self._advance()
        name = token.image[2:-1] if token.kind is Kind.BRACKETED_WORD else token.image[1:]
        self._lexer.switch(State.DIRECTIVE)
        if not self._lexer.left_parenthesis_follows():
            self._lexer.pop()
            return self._bare_directive(name, token)
        arguments = self._directive_arguments(name, token)
        if name not in _BLOCK_DIRECTIVES and not name.startswith("@"):
            return self._line_directive(name, token, arguments)
        before = self._token
        body = self._block()
        last = self._token
        self._take(Kind.END)
        if name == "literal" and not arguments:
            return self._literal_block(token, before, last)
        return self._block_directive(name, token, arguments, body)

    def _bare_directive(self, name: str, token: Token) -> Statement:
        """Read a directive's name without a parenthesis after it."""
        if name in _BLOCK_DIRECTIVES or name in ("parse", "include"):
            message = f"#{name} is not followed by its arguments; write #{name}(…)"
            raise TemplateSyntaxError(message, token.line, token.column)
        if name == "stop":
            return Stop(None)
        if name == "break":
            return Break(None, _place(token))
        return Text(f"#{name}" if name.startswith("@") else token.image)

    def _directive_arguments(self, name: str, directive: Token) -> list[Expression]:
        self._skip_whitespace()
        self._take(Kind.LPAREN)
        arguments: list[Expression] = []
        while self._argument_follows():
            self._skip_whitespace()
            if self._peek() is Kind.COMMA:
                self._advance()
                self._skip_whitespace()
            argument = self._directive_argument()
            self._check_word(name, len(arguments), argument, directive)
            arguments.append(argument)
        self._skip_whitespace()
        self._take(Kind.RPAREN)
        return arguments

    def _argument_follows(self) -> bool:
        kind = self._peek_second() if self._peek() is Kind.WHITESPACE else self._peek()
        return kind in _ARGUMENTS or kind is Kind.COMMA

    def _directive_argument(self) -> Expression:
        if self._peek() is Kind.WORD:
            return Word(self._advance().image)
        return self._value()

    def _check_word(self, name: str, position: int, argument: Expression, token: Token) -> None:
        """Raise for a bare word in a wrong place. Allowed: a #macro's name, `in` of #foreach, in unknown directives."""
        is_word = isinstance(argument, Word)
        if name == "macro" and position == 0:
            if not is_word:
                message = "the first argument of #macro is its name, a bare word"
                raise TemplateSyntaxError(message, token.line, token.column)
        elif is_word and name in _DIRECTIVES and not (name == "foreach" and position == 1):
            message = f"{argument.literal!r} is not an argument for #{name}; write a reference or a quoted string"
            raise TemplateSyntaxError(message, token.line, token.column)

    def _line_directive(self, name: str, token: Token, arguments: list[Expression]) -> Statement:
        if name in ("stop", "break") and len(arguments) > 1:
            raise TemplateSyntaxError(f"#{name} takes at most one argument", token.line, token.column)
        if name == "stop":
            return Stop(arguments[0] if arguments else None)
        if name == "break":
            return Break(arguments[0] if arguments else None, _place(token))
        if name in ("parse", "include"):
            return Failure(f"#{name} finds no file: API Gateway has none", _place(token))
        return Text(_images(token, self._token))

    def _literal_block(self, token: Token, before: Token, last: Token) -> Text:
        """Read #literal, whose content is printed unchanged. Velocity rejects an empty one."""
        if last is before:
            raise TemplateSyntaxError("#literal is empty", token.line, token.column)
        return Text(_literal(before.next, last))

    def _block_directive(
        self, name: str, token: Token, arguments: list[Expression], body: tuple[Statement, ...]
    ) -> Statement:
        if name == "macro":
            return self._macro(token, arguments)
        if name == "foreach":
            return _foreach(token, arguments, body)
        if name == "define":
            if len(arguments) != 1:
                raise TemplateSyntaxError("#define takes one argument, the block's $name", token.line, token.column)
            return Define(arguments[0].literal[1:], body)
        if name == "literal":
            return Text(arguments[0].literal)
        return Text(_images(token, self._token))

    def _macro(self, token: Token, arguments: list[Expression]) -> Text:
        """Read #macro. API Gateway ignores the definition: it prints nothing, and a call of the macro prints itself."""
        if not arguments:
            raise TemplateSyntaxError("#macro has no name; write #macro(name $argument)", token.line, token.column)
        self._macros.add(arguments[0].literal)
        return Text("")

    # references

    def _reference(self) -> Reference:
        first = self._take(Kind.IDENTIFIER, Kind.LCURLY)
        formal = first.kind is Kind.LCURLY
        root = self._take(Kind.IDENTIFIER) if formal else first
        steps = self._steps()
        if formal:
            self._take(Kind.RCURLY)
        return _make_reference(first, root, self._token, steps)

    def _steps(self) -> tuple[Step, ...]:
        steps: list[Step] = list(self._indexes())
        while self._peek() is Kind.DOT and self._peek_second() is Kind.IDENTIFIER:
            self._advance()
            steps.append(self._call() if self._call_follows() else Property(self._advance().image))
            steps.extend(self._indexes())
        return tuple(steps)

    def _call_follows(self) -> bool:
        """Return whether a method call follows. LOOKAHEAD(3): name, parenthesis, an argument or the end."""
        if self._peek_second() is not Kind.LPAREN:
            return False
        third = self._ahead(self._ahead(self._ahead(self._token))).kind
        return third in _VALUES or third in (Kind.WHITESPACE, Kind.ARGUMENTS_RPAREN)

    def _call(self) -> MethodCall:
        name = self._take(Kind.IDENTIFIER)
        self._take(Kind.LPAREN)
        self._enter(name)
        arguments: list[Expression] = []
        if self._peek() is not Kind.ARGUMENTS_RPAREN:
            arguments = self._parameters()
        self._take(Kind.ARGUMENTS_RPAREN)
        self._leave()
        return MethodCall(name.image, tuple(arguments), _place(name))

    def _indexes(self) -> list[Index]:
        indexes = []
        while self._peek() is Kind.INDEX_LBRACKET:
            self._enter(self._advance())
            self._skip_whitespace()
            if self._peek() in (Kind.FLOAT, Kind.LBRACKET, Kind.LEFT_CURLEY):
                raise self._unexpected(self._ahead(self._token), (Kind.STRING, Kind.INTEGER, Kind.IDENTIFIER))
            indexes.append(Index(self._value()))
            self._skip_whitespace()
            self._take(Kind.INDEX_RBRACKET)
            self._leave()
        return indexes

    # values

    def _parameters(self) -> list[Expression]:
        parameters = [self._parameter()]
        while self._peek() is Kind.COMMA:
            self._advance()
            parameters.append(self._parameter())
        return parameters

    def _parameter(self) -> Expression:
        self._skip_whitespace()
        value = self._value()
        self._skip_whitespace()
        return value

    def _value(self) -> Expression:
        kind = self._peek()
        if kind is Kind.STRING:
            return self._string()
        if kind in (Kind.IDENTIFIER, Kind.LCURLY):
            return self._reference()
        if kind in _CONSTANTS:
            return self._constant(kind)
        self._take(Kind.LBRACKET, Kind.LEFT_CURLEY)
        first = self._token
        self._enter(first)
        value = self._map(first) if kind is Kind.LEFT_CURLEY else self._list_or_range(first)
        self._leave()
        return value

    def _constant(self, kind: Kind) -> Constant:
        token = self._advance()
        try:
            return Constant(_CONSTANTS[kind](token.image), _token_literal(token))
        except ValueError:
            raise TemplateSyntaxError(f"{token.image!r} is not a valid number", token.line, token.column) from None

    def _string(self) -> StringLiteral:
        token = self._advance()
        image = token.image
        quote, text = image[0], image[1:-1]
        if quote == '"':
            text = _unescape(text, token)
        text = text.replace(quote * 2, quote)
        parts = None
        padded = "##" not in text
        if quote == '"' and ("$" in image or "#" in image):
            self._enter(token)
            parts = self._interpolated(text + " " if padded else text, token)
            self._leave()
        return StringLiteral(text, parts, padded, _token_literal(token))

    def _interpolated(self, text: str, token: Token) -> tuple[Statement, ...]:
        try:
            return parse_source(text, self._nesting)
        except TemplateSyntaxError as error:
            line = token.line + error.line - 1
            column = error.column + token.column if error.line == 1 else error.column
            raise TemplateSyntaxError(f"within a string: {error.message}", line, column) from None

    def _map(self, first: Token) -> MapLiteral:
        pairs: list[tuple[Expression, Expression]] = []
        kind = self._peek_second() if self._peek() is Kind.WHITESPACE else self._peek()
        if kind in _VALUES:
            pairs.append(self._pair())
            while self._peek() is Kind.COMMA:
                self._advance()
                pairs.append(self._pair())
        else:
            self._skip_whitespace()
        self._take(Kind.RIGHT_CURLEY, Kind.RCURLY)
        return MapLiteral(tuple(pairs), _literal(first, self._token))

    def _pair(self) -> tuple[Expression, Expression]:
        key = self._parameter()
        self._take(Kind.COLON)
        return key, self._parameter()

    def _list_or_range(self, first: Token) -> Expression:
        if self._range_follows():
            return self._range(first)
        items: list[Expression] = []
        if self._peek() is not Kind.RBRACKET:
            items = self._parameters()
        self._take(Kind.RBRACKET)
        return ListLiteral(tuple(items), _literal(first, self._token))

    def _range(self, first: Token) -> Range:
        start = self._parameter()
        self._take(Kind.DOUBLEDOT)
        end = self._parameter()
        self._take(Kind.RBRACKET)
        return Range(start, end, _literal(first, self._token))

    def _range_follows(self) -> bool:
        return _Scan(self._ahead, self._token).range_start()

    # expressions

    def _expression(self) -> Expression:
        token = self._ahead(self._token)
        self._enter(token)
        expression = self._operators(0)
        self._leave()
        return expression

    def _operators(self, level: int) -> Expression:
        if level == len(_PRECEDENCE):
            return self._unary()
        first = self._operators(level + 1)
        rest: list[Operation] = []
        while self._peek() in _PRECEDENCE[level]:
            operator = _PRECEDENCE[level][self._advance().kind]
            before = self._token
            operand = self._operators(level + 1)
            rest.append(Operation(operator, operand, _literal(before.next, self._token)))
        return Chain(first, tuple(rest), rest[-1].literal) if rest else first

    def _unary(self) -> Expression:
        kind = self._peek_second() if self._peek() is Kind.WHITESPACE else self._peek()
        if kind is not Kind.NOT:
            return self._primary()
        self._skip_whitespace()
        token = self._advance()
        self._enter(token)
        operand = self._unary()
        self._leave()
        return Not(operand, _literal(token, self._token))

    def _primary(self) -> Expression:
        self._skip_whitespace()
        if self._peek() is Kind.LPAREN:
            self._advance()
            before = self._token
            inner = self._expression()
            literal = _literal(before.next, self._token)
            self._take(Kind.RPAREN)
            value: Expression = Group(inner, literal)
        else:
            value = self._value()
        self._skip_whitespace()
        return value


_STATEMENT_RULES: dict[Kind, Callable[[_Parser], Statement]] = {
    Kind.LINE_COMMENT_START: _Parser._comment,
    Kind.BLOCK_COMMENT_END: _Parser._comment,
    Kind.FORMAL_COMMENT_END: _Parser._comment,
    Kind.TEXTBLOCK_END: _Parser._textblock,
    Kind.SET_DIRECTIVE: _Parser._set,
    Kind.ESCAPE_DIRECTIVE: _Parser._escaped_directive,
    Kind.DOUBLE_ESCAPE: _Parser._escape,
    Kind.WORD: _Parser._directive,
    Kind.BRACKETED_WORD: _Parser._directive,
}


class _Scan:
    """A look-ahead of any length: does `[ reference-or-integer ..` follow? It does not consume tokens."""

    def __init__(self, ahead: Callable[[Token], Token], token: Token) -> None:
        self._ahead = ahead
        self._token = token

    def range_start(self) -> bool:
        self._accept(Kind.WHITESPACE)
        if not (self._accept(Kind.INTEGER) or self._reference()):
            return False
        self._accept(Kind.WHITESPACE)
        return self._accept(Kind.DOUBLEDOT)

    def _accept(self, *kinds: Kind) -> bool:
        following = self._ahead(self._token)
        if following.kind not in kinds:
            return False
        self._token = following
        return True

    def _reference(self) -> bool:
        if self._accept(Kind.LCURLY):
            return self._accept(Kind.IDENTIFIER) and self._steps() and self._accept(Kind.RCURLY)
        return self._accept(Kind.IDENTIFIER) and self._steps()

    def _steps(self) -> bool:
        self._indexes()
        while True:
            before = self._token
            if not (self._accept(Kind.DOT) and self._accept(Kind.IDENTIFIER)):
                self._token = before
                return True
            name = self._token
            if not self._call_arguments():
                self._token = name
            self._indexes()

    def _call_arguments(self) -> bool:
        if not self._accept(Kind.LPAREN):
            return False
        before = self._token
        if not self._list(Kind.ARGUMENTS_RPAREN):
            self._token = before
            return self._accept(Kind.ARGUMENTS_RPAREN)
        return True

    def _indexes(self) -> None:
        while True:
            before = self._token
            if not (self._accept(Kind.INDEX_LBRACKET) and self._parameter() and self._accept(Kind.INDEX_RBRACKET)):
                self._token = before
                return

    def _list(self, end: Kind) -> bool:
        return self._parameter() and self._list_rest(end)

    def _list_rest(self, end: Kind) -> bool:
        while self._accept(Kind.COMMA):
            if not self._parameter():
                return False
        return self._accept(end)

    def _parameter(self) -> bool:
        self._accept(Kind.WHITESPACE)
        before = self._token
        for rule in (self._constant, self._brackets, self._map, self._reference):
            if rule():
                self._accept(Kind.WHITESPACE)
                return True
            self._token = before
        return False

    def _constant(self) -> bool:
        return self._accept(Kind.STRING, Kind.INTEGER, Kind.FLOAT, Kind.TRUE, Kind.FALSE)

    def _brackets(self) -> bool:
        """Read a range or a list in one pass: trying one after the other doubles the time on each level of nesting."""
        if not self._accept(Kind.LBRACKET):
            return False
        if self._accept(Kind.RBRACKET):
            return True
        if not self._parameter():
            return False
        if self._accept(Kind.DOUBLEDOT):
            return self._parameter() and self._accept(Kind.RBRACKET)
        return self._list_rest(Kind.RBRACKET)

    def _map(self) -> bool:
        if not self._accept(Kind.LEFT_CURLEY):
            return False
        before = self._token
        if not self._pairs():
            self._token = before
            self._accept(Kind.WHITESPACE)
        return self._accept(Kind.RIGHT_CURLEY, Kind.RCURLY)

    def _pairs(self) -> bool:
        while self._parameter() and self._accept(Kind.COLON) and self._parameter():
            if not self._accept(Kind.COMMA):
                return True
        return False


def _foreach(token: Token, arguments: list[Expression], body: tuple[Statement, ...]) -> Statement:
    """Read #foreach as Velocity does: variable, any word, items, and then the body, or a fourth argument instead."""
    if len(arguments) < 2:
        return Failure("#foreach has too few arguments; write #foreach($item in $items)", _place(token))
    if len(arguments) == 2:
        return Text("")
    variable = arguments[0].root if isinstance(arguments[0], Reference) else arguments[0].literal[1:]
    if len(arguments) > 3:
        extra = arguments[3]
        body = (extra,) if isinstance(extra, Reference) else ()
    return Foreach(variable, arguments[2], body)


def _make_reference(first: Token, root: Token, last: Token, steps: tuple[Step, ...]) -> Reference:
    """Build a reference from its beginning: backslashes, dollars and bang."""
    image = first.image
    if "\\!" in image:
        return _slash_bang(first, steps)
    if "$" not in image:
        return _bare_name(first, last, steps)
    slashes = len(image) - len(image.lstrip("\\"))
    first.image = image[slashes:]
    dollar = first.image.rindex("$")
    more_prefix = first.image[:dollar]
    first.image = first.image[dollar:]
    quiet = first.image.startswith("$!")
    escaped = slashes % 2 == 1
    literal = _literal(first, last)
    name = root.image if root is not first else first.image[2 if quiet else 1 :]
    reference = Reference(
        root=name,
        steps=steps,
        place=_place(first),
        prefix=more_prefix,
        escape_prefix="\\" * (slashes // 2),
        escaped=escaped,
        computable=True,
        null_text="" if quiet and not escaped else literal,
        assigned=first.image[1:],
        literal=literal,
    )
    return reference if not steps else replace(reference, assigned="")


def _printed(reference: Reference) -> Statement:
    """Return a reference as a statement. Right after `$a.b()` a name without "$" is read as one, and prints itself."""
    return reference if "$" in reference.root + reference.literal else Text(reference.root)


def _bare_name(first: Token, last: Token, steps: tuple[Step, ...]) -> Reference:
    """Return the reference for a name without "$", such as `null` as an argument. It has no value."""
    literal = _literal(first, last)
    return Reference(first.image, steps, _place(first), "", "", False, False, literal, first.image[1:], literal)


def _slash_bang(first: Token, steps: tuple[Step, ...]) -> Reference:
    """Build `$\\!name`, an escaped bang: one backslash is dropped, and the name matches no variable."""
    image = first.image
    start = image.index("\\", image.index("$"))
    end = start
    while image[end] == "\\":
        end += 1
    text = image[: end - 1] + image[end:]
    return Reference(
        root=text,
        steps=steps,
        place=_place(first),
        prefix="",
        escape_prefix="",
        escaped=False,
        computable=False,
        null_text=text,
        assigned=image[1:],
        literal=image,
    )


def _place(token: Token) -> Place:
    return Place(token.line, token.column)


def _token_literal(token: Token) -> str:
    if token.kind is Kind.BLOCK_COMMENT_END:
        return ""
    return "".join(_special_text(special) for special in token.special) + token.image


def _special_text(text: str) -> str:
    """Return the text of an abandoned beginning of a token: dollars, hashes, and backslashes before a dollar."""
    return "".join(match.group() for match in re.finditer(r"\\+\$|[$#]", text))


def _literal(first: Token | None, last: Token) -> str:
    return "".join(_token_literal(token) for token in _span(first, last))


def _images(first: Token, last: Token) -> str:
    return "".join(token.image for token in _span(first, last))


def _span(first: Token | None, last: Token) -> list[Token]:
    span = []
    token = first
    while token is not None and token is not last:
        span.append(token)
        token = token.next
    return [*span, last]


def _unescape(text: str, token: Token) -> str:
    r"""Replace \uXXXX. A malformed one is an error, as in Velocity."""

    def character(match: re.Match[str]) -> str:
        if match.group(1) is None:
            message = "\\u in a double-quoted string is followed by four hexadecimal digits"
            raise TemplateSyntaxError(message, token.line, token.column)
        return chr(int(match.group(1), 16))

    return re.sub(r"\\u([0-9a-fA-F]{4})?", character, text)


def _integer(image: str) -> object:
    value = int(image)
    if -(2**31) <= value < 2**31:
        return value
    return Long(value) if -(2**63) <= value < 2**63 else BigInteger(value)


_CONSTANTS: dict[Kind, Callable[[str], object]] = {
    Kind.INTEGER: _integer,
    Kind.FLOAT: float,
    Kind.TRUE: lambda _: True,
    Kind.FALSE: lambda _: False,
}

_NAMES = {
    Kind.EOF: "the end of the template",
    Kind.END: "#end",
    Kind.RPAREN: "')'",
    Kind.ARGUMENTS_RPAREN: "')'",
    Kind.LPAREN: "'('",
    Kind.RBRACKET: "']'",
    Kind.INDEX_RBRACKET: "']'",
    Kind.LBRACKET: "'['",
    Kind.LEFT_CURLEY: "'{'",
    Kind.RIGHT_CURLEY: "'}'",
    Kind.RCURLY: "'}'",
    Kind.LCURLY: "'{'",
    Kind.ASSIGN: "'='",
    Kind.COLON: "':'",
    Kind.IDENTIFIER: "a name",
}


def _name(kind: Kind) -> str:
    return _NAMES.get(kind, kind.name.lower().replace("_", " "))
