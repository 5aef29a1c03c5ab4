"""Roles (spec §1): one table of who may do what."""

import pytest

from contacts.models import User
from contacts.permissions import may
from institution_settings.choices import Role
from institution_settings.permissions import ROLES, Act, allows

OPERATOR = {
    "sale",
    "refund",
    "deposit",
    "surplus",
    "payout",
    "admit",
    "keep_till",
    "sign_own_sessions",
}
SUPERVISOR = {
    "approve",
    "correct",
    "goodwill",
    "adjust",
    "issue_voucher",
    "cancel_performance",
    "merge_contacts",
    "erase_contact",
    "close_any_till",
    "see_reports",
}


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.CUSTOMER, {"personal_space"}),
        (Role.OPERATOR, OPERATOR),
        (Role.SUPERVISOR, OPERATOR | SUPERVISOR),
        (Role.ACCOUNTANT, {"see_reports", "export"}),
        (Role.AUDITOR, {"see_reports", "export", "audit"}),
        (Role.ADMINISTRATOR, {"see_reports", "administer"}),
    ],
)
def test_a_role_may_do_this_and_nothing_else(role: Role, acts: set[str]) -> None:
    assert {act.value for act in Act if allows(role=role, act=act)} == acts


def test_every_role_is_in_the_table() -> None:
    assert set(ROLES) == set(Role)


def test_every_act_is_somebodys() -> None:
    assert set().union(*ROLES.values()) == set(Act)


def test_an_unknown_role_may_nothing() -> None:
    assert [act for act in Act if allows(role="director", act=act)] == []


def test_whoever_left_may_nothing() -> None:
    marc = User(role=Role.SUPERVISOR)
    assert may(marc, Act.APPROVE)
    marc.is_active = False
    assert [act for act in Act if may(marc, act)] == []
    assert [act for act in Act if may(None, act)] == []
