"""Who may do what (spec §1), and which authorised modes an act needs (spec S3). Two tables.

The rows are asked by ``selectors.check_act`` and by ``contacts.permissions.may``; nothing else
decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

from institution_settings.choices import Role

Use = Literal["payment", "refund"]


class Act(StrEnum):
    """Everything that is asked for before it is done."""

    SALE = "sale"
    REFUND = "refund"
    DEPOSIT = "deposit"
    SURPLUS = "surplus"
    PAYOUT = "payout"
    PERSONAL_SPACE = "personal_space"
    ADMIT = "admit"
    KEEP_TILL = "keep_till"
    SIGN_OWN_SESSIONS = "sign_own_sessions"
    APPROVE = "approve"
    CORRECT = "correct"
    GOODWILL = "goodwill"
    ADJUST = "adjust"
    ISSUE_VOUCHER = "issue_voucher"
    CANCEL_PERFORMANCE = "cancel_performance"
    MERGE_CONTACTS = "merge_contacts"
    ERASE_CONTACT = "erase_contact"
    CLOSE_ANY_TILL = "close_any_till"
    SEE_REPORTS = "see_reports"
    EXPORT = "export"
    AUDIT = "audit"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be authorised at the point of sale for an act: a use of its modes, one of credit.

    ``money`` says that the modes must be money by itself: neither credit nor a voucher (S3).
    """

    modes: Use | None = None
    credit: Use | None = None
    money: bool = False


NEEDS: Final[Mapping[Act, Needs]] = MappingProxyType(
    {
        Act.SALE: Needs(modes="payment"),
        Act.REFUND: Needs(modes="refund"),
        Act.DEPOSIT: Needs(modes="payment", credit="refund", money=True),
        Act.SURPLUS: Needs(credit="refund"),
        Act.PAYOUT: Needs(modes="refund", credit="payment", money=True),
        Act.PERSONAL_SPACE: Needs(credit="payment"),
    }
)

_OPERATOR: Final = frozenset(
    {
        Act.SALE,
        Act.REFUND,
        Act.DEPOSIT,
        Act.SURPLUS,
        Act.PAYOUT,
        Act.ADMIT,
        Act.KEEP_TILL,
        Act.SIGN_OWN_SESSIONS,
    }
)
_SUPERVISOR: Final = _OPERATOR | {
    Act.APPROVE,
    Act.CORRECT,
    Act.GOODWILL,
    Act.ADJUST,
    Act.ISSUE_VOUCHER,
    Act.CANCEL_PERFORMANCE,
    Act.MERGE_CONTACTS,
    Act.ERASE_CONTACT,
    Act.CLOSE_ANY_TILL,
    Act.SEE_REPORTS,
}

# Whoever administers does not sell: who sets the rules and who moves the money are two people,
# or one person with two logins.
ROLES: Final[Mapping[Role, frozenset[Act]]] = MappingProxyType(
    {
        Role.CUSTOMER: frozenset({Act.PERSONAL_SPACE}),
        Role.OPERATOR: _OPERATOR,
        Role.SUPERVISOR: _SUPERVISOR,
        Role.ACCOUNTANT: frozenset({Act.SEE_REPORTS, Act.EXPORT}),
        Role.AUDITOR: frozenset({Act.SEE_REPORTS, Act.EXPORT, Act.AUDIT}),
        Role.ADMINISTRATOR: frozenset({Act.SEE_REPORTS, Act.ADMINISTER}),
    }
)

# Who enters the administration: the one to change the settings, the other to look.
ADMINISTRATION: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def allows(role: Role | str, act: Act) -> bool:
    """Whether somebody with this role may do ``act``; an unknown role may do nothing."""
    return act in ROLES.get(Role(role), frozenset()) if role in Role.values else False
