"""The coded words of the Children in Need census, whole and each with a meaning."""

from app.domain.census_codes import (
    PRIMARY_NEED,
    REASON_FOR_CLOSURE,
    REFERRAL_SOURCE,
    UPN_UNKNOWN,
)


def test_the_codes_are_those_of_the_census() -> None:
    assert list(REASON_FOR_CLOSURE) == [f"RC{n}" for n in range(1, 10)]
    assert list(PRIMARY_NEED) == [f"N{n}" for n in range(10)]
    assert list(UPN_UNKNOWN) == ["UN1", "UN2", "UN3", "UN4", "UN5", "UN7"]
    assert " ".join(REFERRAL_SOURCE) == (
        "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10"
    )


def test_every_code_has_a_meaning_of_its_own_and_fits_the_dfe_schema() -> None:
    for codes, longest in (
        (REFERRAL_SOURCE, 2),
        (REASON_FOR_CLOSURE, 3),
        (PRIMARY_NEED, 2),
        (UPN_UNKNOWN, 3),
    ):
        assert len(set(codes.values())) == len(codes)
        assert all(len(code) <= longest for code in codes)
