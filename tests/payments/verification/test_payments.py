"""``verify`` finds what somebody with the database in hand changed of payments (P2)."""

import pytest

from journal.selectors.verification import LINK_BROKEN
from payments.selectors.sealed.comparing import OTHER_DAY, ROW_DIFFERS, ROW_GONE, UNSEALED
from payments.selectors.verification import FAULTS
from tests.payments.verification.evening import Evening, found, number_of, said
from tests.tampering import seal_anew, tamper
from tests.verified import findings


class TestPayments:
    def test_a_changed_amount(self, evening: Evening) -> None:
        payment = evening.mixed.payments[-1]
        tamper(
            "UPDATE payments_payment SET amount_minor = amount_minor - 100,"
            " tendered_minor = tendered_minor - 100 WHERE id = %s",
            payment.pk,
        )
        order = evening.mixed.order.number or ""
        assert found() == said(
            (number_of("payment", payment), ROW_DIFFERS),
            (number_of("payment", payment), FAULTS["shares"]),
            (order, FAULTS["paid"]),
            ("Z-G1-0001", FAULTS["counts"]),
        )
        (detail,) = [f.detail for f in findings() if f.detail]
        assert detail == "montant 1220 ≠ 1120, remis 2000 ≠ 1900"

    def test_a_deleted_payment(self, evening: Evening) -> None:
        payment = evening.payout
        number = number_of("payment", payment)
        tamper("DELETE FROM payments_payment WHERE id = %s", payment.pk)
        assert found() == said((number, ROW_GONE), ("Z-G1-0001", FAULTS["counts"]))

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("change_minor", 1),
            ("given_up_minor", 5),
            ("rounding_minor", 5),
            ("cheque_number", "0009"),
            ("direction", "out"),
            ("purpose", "refund"),
            ("currency", "CHF"),
            ("operator_id", None),
            ("contact_id", None),
        ],
    )
    def test_a_changed_column(self, evening: Evening, column: str, value: object) -> None:
        payment = evening.mixed.payments[-1]
        extra = ", tendered_minor = tendered_minor + %s" if column.endswith("_minor") else ""
        values = [value, int(str(value))] if extra else [value]
        if column == "change_minor":
            values = [payment.change_minor + 1, 1]
        tamper(
            f"UPDATE payments_payment SET {column} = %s{extra} WHERE id = %s", *values, payment.pk
        )
        assert (number_of("payment", payment), ROW_DIFFERS) in {
            (finding.where, finding.what) for finding in findings()
        }

    def test_an_identity_document_noted_afterwards(self, evening: Evening) -> None:
        payment = evening.payout
        tamper("UPDATE payments_payment SET identity = 'passport' WHERE id = %s", payment.pk)
        assert found() == said((number_of("payment", payment), ROW_DIFFERS))

    @pytest.mark.parametrize("column", ["mode_id", "session_id", "order_id", "approved_by_id"])
    def test_a_changed_link(self, evening: Evening, column: str) -> None:
        venue, payment = evening.counter.venue, evening.deposit
        other = {
            "mode_id": venue.modes["CB"].pk,
            "session_id": venue.open("G2").session_id,
            "order_id": evening.mixed.order.pk,
            "approved_by_id": venue.supervisor.pk,
        }
        tamper(
            f"UPDATE payments_payment SET {column} = %s WHERE id = %s", other[column], payment.pk
        )
        assert (number_of("payment", payment), ROW_DIFFERS) in {
            (finding.where, finding.what) for finding in findings()
        }

    def test_another_day(self, evening: Evening) -> None:
        payment = evening.deposit
        tamper("UPDATE payments_payment SET business_date = '2001-01-01' WHERE id = %s", payment.pk)
        number = number_of("payment", payment)
        assert found() == said((number, ROW_DIFFERS), (number, OTHER_DAY))

    def test_given_back_from_another_payment(self, evening: Evening) -> None:
        given = evening.refund.payments[0]
        other = evening.by_voucher.payments[0]
        tamper("UPDATE payments_payment SET refunds_id = %s WHERE id = %s", other.pk, given.pk)
        number = number_of("payment", given)
        assert found() == said(
            (number, ROW_DIFFERS),
            (number, FAULTS["gives_back"]),
            (number_of("payment", other), FAULTS["returned"]),
        )

    def test_more_given_back_than_was_paid(self, evening: Evening) -> None:
        """Even where the payment that was too large was sealed by the holder of the key."""
        given, paid = evening.refund.payments[0], evening.mixed.payments[0]
        tamper(
            "UPDATE payments_payment SET amount_minor = amount_minor + 2000,"
            " tendered_minor = tendered_minor + 2000 WHERE id = %s",
            given.pk,
        )
        assert (number_of("payment", paid), str(FAULTS["returned"])) in {
            (finding.where, str(finding.what)) for finding in findings()
        }

    def test_a_correction_of_nothing(self, evening: Evening) -> None:
        tamper(
            "UPDATE payments_payment SET reverses_id = %s WHERE id = %s",
            evening.deposit.pk,
            evening.correction.pk,
        )
        number = number_of("payment", evening.correction)
        assert found() == said((number, ROW_DIFFERS), (number, FAULTS["reverses"]))

    def test_the_movement_of_another_operation(self, evening: Evening) -> None:
        tamper(
            "UPDATE payments_payment SET movement_id = %s WHERE id = %s",
            evening.correction.movement_id,
            evening.deposit.pk,
        )
        assert found() == said((number_of("payment", evening.deposit), FAULTS["movement"]))

    def test_a_credit_payment_without_movement(self, evening: Evening) -> None:
        payment = evening.mixed.payments[0]
        tamper("UPDATE payments_payment SET movement_id = NULL WHERE id = %s", payment.pk)
        assert found() == said((number_of("payment", payment), FAULTS["movement"]))

    def test_a_payment_nobody_sealed(self, evening: Evening) -> None:
        """Its entry is pointed elsewhere, by somebody who holds the key."""
        payment = evening.deposit
        number = number_of("payment", payment)
        tamper(
            "UPDATE journal_entry SET subject_id = 0 WHERE subject_kind = 'payment'"
            " AND subject_id = %s",
            payment.pk,
        )
        assert found() == said((number, ROW_GONE), (f"payment {payment.pk}", UNSEALED))


def test_a_row_and_its_entry_forged_alike_still_stand_out(evening: Evening) -> None:
    """Whoever holds the key seals them anew: the next link and the credit's movement tell."""
    payment = evening.deposit
    label = number_of("payment", payment)
    number = int(label.split("-")[1])
    tamper(
        "UPDATE payments_payment SET amount_minor = 60000, tendered_minor = 60000 WHERE id = %s",
        payment.pk,
    )
    tamper(
        "UPDATE journal_entry SET payload = replace(replace(payload,"
        " '\"montant\":50000', '\"montant\":60000'), '\"remis\":50000', '\"remis\":60000')"
        " WHERE subject_kind = 'payment' AND subject_id = %s",
        payment.pk,
    )
    seal_anew(number=number)
    assert found() == said(
        (f"G1-{number + 1:06d}", LINK_BROKEN),
        (label, FAULTS["movement"]),
        ("Z-G1-0001", FAULTS["counts"]),
    )
