"""Phone numbers as they are shown and as they are called. Without a country they are Danish."""

DANISH_DIGITS = 8
COUNTRY = "45"


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())


def _danish(text: str) -> str | None:
    """The eight digits of a Danish number, however it is written; None for any other."""
    digits = _digits(text)
    for prefix in (f"00{COUNTRY}", COUNTRY):
        if len(digits) == len(prefix) + DANISH_DIGITS and digits.startswith(prefix):
            return digits.removeprefix(prefix)
    return digits if len(digits) == DANISH_DIGITS and not text.lstrip().startswith("+") else None


def shown(text: str) -> str:
    """A Danish number in pairs, «12 34 56 78»; any other as it was typed."""
    digits = _danish(text)
    if digits is None:
        return text.strip()
    return " ".join(digits[at : at + 2] for at in range(0, DANISH_DIGITS, 2))


def tel(text: str) -> str:
    """The address a phone calls: E.164 where the country is known, else the digits alone.

    Empty where there is nothing to call.
    """
    danish = _danish(text)
    if danish is not None:
        return f"tel:+{COUNTRY}{danish}"
    digits = _digits(text)
    if text.lstrip().startswith("+"):
        return f"tel:+{digits}" if digits else ""
    if digits.startswith("00"):
        return f"tel:+{digits[2:]}"
    return f"tel:{digits}" if digits else ""
