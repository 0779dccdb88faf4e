"""NHS numbers and Unique Pupil Numbers: every valid one passes, every slip of one sign is found."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.identifiers import LETTERS, nhs_number_fault, upn_fault

DIGITS = "0123456789"


@st.composite
def nhs_numbers(draw: st.DrawFn) -> str:
    """Made the other way round: any nine digits whose check digit exists, and that digit."""
    nine = draw(st.text(DIGITS, min_size=9, max_size=9))
    check = next(
        (
            c
            for c in range(10)
            if (c + sum(int(d) * (10 - i) for i, d in enumerate(nine))) % 11 == 0
        ),
        None,
    )
    assume(check is not None)
    number = f"{nine}{check}"
    assume(len(set(number)) > 1)
    return number


@st.composite
def upns(draw: st.DrawFn) -> str:
    """A permanent or a temporary number, with the letter whose value its sum leaves by 23."""
    body = draw(st.text(DIGITS, min_size=11, max_size=11)) + draw(st.sampled_from(DIGITS + LETTERS))
    values = [int(s) if s in DIGITS else LETTERS.index(s) for s in body]
    left = sum((place + 2) * value for place, value in enumerate(values)) % 23
    return f"{LETTERS[left]}{body}"


@given(number=nhs_numbers())
def test_every_valid_nhs_number_passes(number: str) -> None:
    assert nhs_number_fault(number) is None


@given(number=nhs_numbers(), place=st.integers(0, 9), data=st.data())
def test_an_nhs_number_with_any_one_digit_changed_fails(
    number: str, place: int, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(DIGITS.replace(number[place], "")))

    fault = nhs_number_fault(number[:place] + other + number[place + 1 :])

    assert fault is not None


@given(upn=upns())
def test_every_valid_upn_passes_permanent_or_temporary(upn: str) -> None:
    assert upn_fault(upn) is None


@given(upn=upns(), place=st.integers(0, 12), data=st.data())
def test_a_upn_with_any_one_sign_changed_fails(upn: str, place: int, data: st.DataObject) -> None:
    signs = LETTERS if upn[place] in LETTERS else DIGITS
    other = data.draw(st.sampled_from(signs.replace(upn[place], "")))

    fault = upn_fault(upn[:place] + other + upn[place + 1 :])

    assert fault is not None


@pytest.mark.parametrize("number", ["9434765919", "9990000018", "4505577104"])
def test_known_nhs_numbers_pass(number: str) -> None:
    assert nhs_number_fault(number) is None


def test_a_slip_is_told_in_plain_words() -> None:
    assert (
        nhs_number_fault("9434765918")
        == "the NHS number's check digit does not fit: something is mistyped"
    )
    assert (
        upn_fault("B950000178301") == "the UPN's check letter does not fit: something is mistyped"
    )


@pytest.mark.parametrize(
    "upn", ["A950000178301", "B801200005001", "L95000017830A", "A95000017830B", "X12345678901A"]
)
def test_known_upns_pass(upn: str) -> None:
    assert upn_fault(upn) is None


@pytest.mark.parametrize("last", LETTERS)
def test_the_last_letter_of_a_temporary_upn_counts_13_times_its_place_among_the_letters(
    last: str,
) -> None:
    first_where_the_last_is_a = LETTERS.index("L")
    first = LETTERS[(first_where_the_last_is_a + 13 * LETTERS.index(last)) % 23]

    assert upn_fault(f"{first}95000017830{last}") is None


@pytest.mark.parametrize("digit", DIGITS)
def test_an_nhs_number_of_one_digit_is_refused_though_its_sum_may_fit(digit: str) -> None:
    assert nhs_number_fault(digit * 10) == "an NHS number is not one digit ten times"


def test_an_nhs_number_whose_check_digit_would_be_ten_is_refused() -> None:
    nine = "100000001"
    weighted = sum(
        int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)
    )

    assert 11 - weighted % 11 == 10
    assert all(nhs_number_fault(f"{nine}{last}") for last in DIGITS)


@pytest.mark.parametrize(
    "text",
    ["", " ", "943476591", "94347659190", "943 476 5919", "9434765919\n", "943476591X", "٩" * 10],
)
def test_what_is_not_ten_digits_is_no_nhs_number(text: str) -> None:
    assert nhs_number_fault(text) == "an NHS number is ten digits without spaces"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a950000178301",
        "A95000017830",
        "A9500001783010",
        "A950000178301\n",
        "I950000178301",
        "A95000017830O",
        "A95000017830b",
        "A9500001783AB",
        "A٩50000178301",
    ],
)
def test_what_has_not_the_shape_of_a_upn_is_none(text: str) -> None:
    assert upn_fault(text) == (
        "a UPN is a capital letter and twelve digits, or eleven and a capital letter;"
        " never I, O or S"
    )


@given(digits=st.text(DIGITS, min_size=1, max_size=14), letter=st.sampled_from(LETTERS))
def test_a_fault_never_says_the_number(digits: str, letter: str) -> None:
    faults = (nhs_number_fault(digits), upn_fault(letter + digits))

    assert not [fault for fault in faults if fault and any(sign in fault for sign in DIGITS)]
