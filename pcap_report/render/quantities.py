"""Numbers with units as people read them: 35.2 ms, 5.6 kB; the decimal sign is the language's."""

from __future__ import annotations

from typing import Final

_DECIMAL_COMMA: Final = frozenset(("es",))
_NAMED_UNITS: Final = {"zh": {"min": "分", "s": "秒", "ms": "毫秒", "µs": "微秒", "B": "字节"}}
"""Units that a language writes as words in its prose; all others are symbols, the same in every language."""
_KILO: Final = 1000


class Quantities:
    """Formats quantities for one language, as its prose writes them."""

    def __init__(self, language: str) -> None:
        self._comma = language in _DECIMAL_COMMA
        self._units = _NAMED_UNITS.get(language, {})

    def number(self, value: float, decimals: int) -> str:
        """Write a number with that many decimals, without trailing zeros behind the sign."""
        text = f"{value:.{decimals}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text.replace(".", ",") if self._comma else text

    def milliseconds(self, value: float) -> str:
        """Write a duration with three figures: ``94 µs``, ``35.2 ms``, ``1.53 s``, ``2 min 5 s``."""
        return self.seconds(value / 1000)

    def seconds(self, value: float) -> str:
        """Write a duration that is given in seconds."""
        size = abs(value)
        if size >= 60:
            minutes, rest = divmod(round(size), 60)
            sign = "-" if value < 0 else ""
            whole = f"{sign}{minutes} {self._unit('min')}"
            return f"{whole} {rest} {self._unit('s')}" if rest else whole
        if size >= 1:
            return f"{self.number(value, 2)} {self._unit('s')}"
        if size >= 0.001:
            return f"{self.number(value * 1e3, 1 if size >= 0.01 else 2)} {self._unit('ms')}"
        return f"{self.number(value * 1e6, 0)} {self._unit('µs')}"

    def bytes(self, value: int) -> str:
        """Write an amount of data: ``315 B``, ``5.6 kB``, ``1.2 MB``."""
        size = float(value)
        for unit in ("B", "kB", "MB", "GB"):
            if abs(size) < _KILO or unit == "GB":
                return f"{self.number(size, 0 if unit == 'B' else 1)} {self._unit(unit)}"
            size /= _KILO
        raise AssertionError  # the loop always returns

    def _unit(self, symbol: str) -> str:
        return self._units.get(symbol, symbol)
