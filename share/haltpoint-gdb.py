# For gdb:  (gdb) source haltpoint-gdb.py
#
# Tells a Haltpoint server the numbers of gdb's watchpoints, and the conditions that the server can judge itself, so that
#   watch level if level == 42
# costs the program a trap for each write and no round trip. A condition that the server has no words for stays gdb's alone, and so does
# everything with another server; gdb judges its own condition in any case. Needs no gdb command of its own.

import gdb
import re

TOKEN = re.compile(r"\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_$]\w*|->|==|!=|<=|>=|&&|\|\||\S)")
KINDS = {gdb.BP_HARDWARE_WATCHPOINT: "write", gdb.BP_ACCESS_WATCHPOINT: "access", gdb.BP_READ_WATCHPOINT: "access"}
WHOLE_NUMBERS = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_ENUM, gdb.TYPE_CODE_PTR)
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
VALUE = "<value>"
LOCATION = "-location "


class CannotSay(Exception):
    """The server's language has no words for it."""


def tokens(text):
    found = TOKEN.findall(text)
    if "".join(found) != "".join(text.split()):
        raise CannotSay
    return found


def is_signed(kind):
    return int(gdb.Value(-1).cast(kind)) < 0


class Translation:
    """A condition of gdb in the server's words: comparisons of the watched value with whole numbers, and && || ! ( )."""

    def __init__(self, condition, watched, kind):
        kind = kind.strip_typedefs()
        if kind.code not in WHOLE_NUMBERS or kind.sizeof > 8:
            raise CannotSay
        self.signed = is_signed(kind)
        self.rest = self.name_value(tokens(condition), tokens(watched))
        self.text = self.any()
        if self.rest:
            raise CannotSay

    @staticmethod
    def name_value(condition, watched):
        found = []
        while condition:
            # "s.level" and "level->x" are other things than "level".
            inside = found and found[-1] in (".", "->", "*", "&")
            after = condition[len(watched)] if len(condition) > len(watched) else ""
            if condition[: len(watched)] == watched and not inside and after not in (".", "->", "[", "("):
                found.append(VALUE)
                condition = condition[len(watched):]
            else:
                found.append(condition.pop(0))
        return found

    def take(self, *wanted):
        if self.rest and self.rest[0] in wanted:
            return self.rest.pop(0)
        return None

    def any(self):
        text = self.all()
        while self.take("||"):
            text += " || " + self.all()
        return text

    def all(self):
        text = self.one()
        while self.take("&&"):
            text += " && " + self.one()
        return text

    def one(self):
        if self.take("!"):
            # In C, "!" binds closer than a comparison.
            if self.rest[:1] != ["("] and self.rest[1:2] and self.rest[1] in COMPARISONS:
                raise CannotSay
            return "!(" + self.one() + ")"
        if self.take("("):
            text = self.any()
            if not self.take(")") or (self.rest and self.rest[0] in COMPARISONS):
                raise CannotSay
            return "(" + text + ")"
        left, is_value = self.operand()
        comparison = self.take(*COMPARISONS)
        if not comparison:
            if not is_value:
                raise CannotSay
            return left + " != 0"
        right, is_other = self.operand()
        if is_value == is_other:
            raise CannotSay
        return " ".join((left, comparison, right))

    def operand(self):
        if self.take(VALUE):
            return ("signed value" if self.signed else "value"), True
        sign = self.take("-") or ""
        if not self.rest:
            raise CannotSay
        word = self.rest.pop(0)
        if not word[0].isdigit():
            symbol = gdb.lookup_symbol(word)[0] if re.match(r"[A-Za-z_]\w*$", word) else None
            if symbol is None or not symbol.is_constant:
                raise CannotSay
        number = gdb.parse_and_eval(sign + word)
        # Where C makes both sides unsigned, an unsigned number beside a signed value, or a negative one beside an unsigned, is another.
        if self.signed != is_signed(number.type) and not (not self.signed and int(number) >= 0):
            raise CannotSay
        return str(int(number)), False


class Forwarder:
    def __init__(self):
        self.server = None
        self.speaks = False
        self.told = {}
        gdb.events.breakpoint_created.connect(self.tell)
        gdb.events.breakpoint_modified.connect(self.tell)
        gdb.events.stop.connect(self.on_stop)
        self.on_stop(None)

    def on_stop(self, event):
        for breakpoint in gdb.breakpoints():
            self.tell(breakpoint)

    def is_there(self):
        inferior = gdb.selected_inferior()
        server = (inferior.num, inferior.pid, getattr(inferior, "connection_num", None))
        if server != self.server:
            self.server = server
            self.told.clear()
            self.speaks = inferior.pid > 0 and "number N write|access ADDRESS LENGTH" in self.ask("help")
        return self.speaks

    @staticmethod
    def ask(words):
        try:
            return gdb.execute("monitor " + words, to_string=True) or ""
        except gdb.error:
            return ""

    def tell(self, breakpoint):
        if breakpoint.type not in KINDS or not breakpoint.is_valid():
            return
        if not breakpoint.enabled:
            # The server forgets what is not put back when the program goes on.
            self.told.pop(breakpoint.number, None)
            return
        if not self.is_there() or self.told.get(breakpoint.number, ()) == (breakpoint.condition,):
            return
        expression = breakpoint.expression
        if expression.startswith(LOCATION):
            expression = expression[len(LOCATION):]
        try:
            value = gdb.parse_and_eval(expression)
            address = int(value.address)
            kind = value.type
        except (gdb.error, TypeError):
            # Of another frame, in a register, or a part of a byte.
            return
        words = ""
        try:
            if breakpoint.condition:
                words = Translation(breakpoint.condition, expression, kind).text
        except (CannotSay, gdb.error, IndexError):
            pass
        had = breakpoint.number in self.told
        self.told[breakpoint.number] = (breakpoint.condition,)
        if not had:
            self.ask("number %d %s 0x%x %d" % (breakpoint.number, KINDS[breakpoint.type], address, kind.sizeof))
        self.ask("when %d %s" % (breakpoint.number, words))


Forwarder()
