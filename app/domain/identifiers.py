"""National numbers of a child, checked. A fault is said in plain words, never with the number."""

import re

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The letters of a UPN, by their value 0 to 22: I, O and S are left out."""

_NHS_NUMBER = re.compile(r"[0-9]{10}")
_UPN = re.compile(rf"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]")
_NHS_WEIGHTS = range(10, 1, -1)
_UPN_PLACES = range(2, 14)


def nhs_number_fault(text: str) -> str | None:
    """What is wrong with an NHS number, or None.

    Ten digits; the tenth is 11 less the remainder by 11 of the first nine, weighted 10 to 2: 11
    counts as 0, and 10 is never issued (NHS Data Dictionary, NHS NUMBER). One digit ten times
    passes that sum at times and names nobody.
    """
    if not _NHS_NUMBER.fullmatch(text):
        return "an NHS number is ten digits without spaces"
    if len(set(text)) == 1:
        return "an NHS number is not one digit ten times"
    total = sum(int(digit) * weight for digit, weight in zip(text[:9], _NHS_WEIGHTS, strict=True))
    if (11 - total % 11) % 11 != int(text[9]):
        return "the NHS number's check digit does not fit: something is mistyped"
    return None


def upn_fault(text: str) -> str | None:
    """What is wrong with a Unique Pupil Number, or None.

    A check letter and twelve digits; a temporary number has a letter for the last. The check
    letter is the sum of each value times its place, 2 to 13, by 23; a last letter has the value
    that it has as a check letter, A 0 to Z 22 (Government Data Standards Catalogue, Unique Pupil
    Number 2.0, validations 1 to 6; census rules 1510 and 1550). Whether digits 2 to 4 are an
    authority's (rule 1530) is not asked: that list changes with every reorganisation.
    """
    if not _UPN.fullmatch(text):
        return (
            "a UPN is a capital letter and twelve digits, or eleven and a capital letter;"
            " never I, O or S"
        )
    total = sum(_value(sign) * place for sign, place in zip(text[1:], _UPN_PLACES, strict=True))
    if LETTERS[total % len(LETTERS)] != text[0]:
        return "the UPN's check letter does not fit: something is mistyped"
    return None


def _value(sign: str) -> int:
    return int(sign) if sign.isdigit() else LETTERS.index(sign)
