"""Numbers with units as people read them: 35.2 ms, 5.6 kB; the decimal sign is the language's."""

from __future__ import annotations

from typing import Final

_DECIMAL_COMMA: Final = frozenset(("es",))
_NAMED_UNITS: Final = {
    "zh": {"d": "天", "h": "小时", "min": "分", "s": "秒", "ms": "毫秒", "µs": "微秒", "B": "字节"}
}
"""Units that a language writes as words in its prose; all others are symbols, the same in every language."""
_KILO: Final = 1000
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400
_LONG_UNITS: Final = (
    (("d", _DAY), ("h", _HOUR)),
    (("h", _HOUR), ("min", _MINUTE)),
    (("min", _MINUTE), ("s", 1)),
)


class Quantities:
    """Formats quantities for one language, as its prose writes them.

    Args:
        language: one of the languages of the catalogs.
        space: between a number and its unit.
    """

    def __init__(self, language: str, space: str = " ") -> None:
        self._space = space
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
        if size >= _MINUTE:
            return ("-" if value < 0 else "") + self._long(round(size))
        if size >= 1:
            return f"{self.number(value, 2)}{self._unit('s')}"
        if size >= 0.001:
            return f"{self.number(value * 1e3, 1 if size >= 0.01 else 2)}{self._unit('ms')}"
        return f"{self.number(value * 1e6, 0)}{self._unit('µs')}"

    def _long(self, seconds: int) -> str:
        """Write a minute and more with its two largest units: ``2 min 5 s``, ``20 d 12 h``."""
        large, small = next(pair for pair in _LONG_UNITS if seconds >= pair[0][1])
        whole, rest = divmod(seconds, large[1])
        text = f"{whole}{self._unit(large[0])}"
        return f"{text}{self._space}{rest // small[1]}{self._unit(small[0])}" if rest // small[1] else text

    def bytes(self, value: int) -> str:
        """Write an amount of data: ``315 B``, ``5.6 kB``, ``1.2 MB``."""
        size = float(value)
        for unit in ("B", "kB", "MB", "GB"):
            if abs(size) < _KILO or unit == "GB":
                return f"{self.number(size, 0 if unit == 'B' else 1)}{self._unit(unit)}"
            size /= _KILO
        raise AssertionError  # the loop always returns

    def _unit(self, symbol: str) -> str:
        return self._space + self._units.get(symbol, symbol)
