"""Phone numbers are read in pairs and called with their country."""

import pytest

from primus.phones import shown, tel


@pytest.mark.parametrize(
    ("typed", "read", "called"),
    [
        ("12345678", "12 34 56 78", "tel:+4512345678"),
        (" 1234 5678", "12 34 56 78", "tel:+4512345678"),
        ("+45 12 34 56 78", "12 34 56 78", "tel:+4512345678"),
        ("0045 12345678", "12 34 56 78", "tel:+4512345678"),
        ("45 12345678", "12 34 56 78", "tel:+4512345678"),
        ("00 00 12 34", "00 00 12 34", "tel:+4500001234"),
        ("+46 70 123 45 67", "+46 70 123 45 67", "tel:+46701234567"),
        ("+1234 5678", "+1234 5678", "tel:+12345678"),
        ("0046 70 123 45 67", "0046 70 123 45 67", "tel:+46701234567"),
        ("070 123 45 67", "070 123 45 67", "tel:0701234567"),
        ("", "", ""),
        ("intet", "intet", ""),
    ],
)
def test_a_number_is_read_in_pairs_and_called_with_its_country(typed, read, called):
    assert (shown(typed), tel(typed)) == (read, called)
