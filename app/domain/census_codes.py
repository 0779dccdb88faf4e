"""Codes of the Children in Need census that this service carries, each with its meaning (DfE)."""

from collections.abc import Mapping
from types import MappingProxyType

REFERRAL_SOURCE: Mapping[str, str] = MappingProxyType(
    {
        "1A": "Family member, relative or carer",
        "1B": "Acquaintance",
        "1C": "The child themselves",
        "1D": "Another individual",
        "2A": "School",
        "2B": "Education services",
        "3A": "GP",
        "3B": "Health visitor",
        "3C": "School nurse",
        "3D": "Other primary health services",
        "3E": "Emergency department",
        "3F": "Other health services",
        "4": "Housing",
        "5A": "The authority's own social care",
        "5B": "Another service of the authority",
        "5C": "Another local authority",
        "5D": "The authority's early help",
        "6": "Police",
        "7": "Another legal agency",
        "8": "Other",
        "9": "Anonymous",
        "10": "Unknown",
    }
)
"""ReferralSource: who referred the child. A step up comes from 5D."""

REASON_FOR_CLOSURE: Mapping[str, str] = MappingProxyType(
    {
        "RC1": "Adopted",
        "RC2": "Died",
        "RC3": "Child arrangements order",
        "RC4": "Special guardianship order",
        "RC5": "Transferred to another local authority",
        "RC6": "Transferred to adult social care",
        "RC7": "Services ceased for any other reason",
        "RC8": "Closed after assessment: no further action",
        "RC9": "Closed after assessment: referred to early help",
    }
)
"""ReasonForClosure: why the child's referral was closed. A step down may close RC9 or RC7."""

PRIMARY_NEED: Mapping[str, str] = MappingProxyType(
    {
        "N0": "Not stated",
        "N1": "Abuse or neglect",
        "N2": "The child's disability or illness",
        "N3": "A parent's disability or illness",
        "N4": "Family in acute stress",
        "N5": "Family dysfunction",
        "N6": "Socially unacceptable behaviour",
        "N7": "Low income",
        "N8": "Absent parenting",
        "N9": "Not a child in need",
    }
)
"""PrimaryNeed: the main need; mandatory for a referral that goes on (rule 8610)."""

UPN_UNKNOWN: Mapping[str, str] = MappingProxyType(
    {
        "UN1": "Too young for school, none assigned yet",
        "UN2": "Never attended a maintained school in England",
        "UN3": "Educated outside England",
        "UN4": "Newly in need at the end of the collection, not known yet",
        "UN5": "Sources contradict each other, no safe match",
        "UN7": "Referral without further action",
    }
)
"""UPNunknown: why a child has no Unique Pupil Number (rules 8772 and 8773)."""
