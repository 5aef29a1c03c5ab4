from tests.ledger import Ledger
from tests.verified import findings

def test_smoke(ledger: Ledger) -> None:
    a = ledger.venue.account(credit="50.00")
    b = ledger.venue.account()
    ledger.goodwill(a, "5.00")
    h = ledger.hold(a, "10.00")
    ledger.pay(a, "7.00")
    ledger.capture(h)
    h2 = ledger.hold(a, "1.00")
    ledger.release(h2)
    m = ledger.adjust(a, "1.00")
    ledger.reverse(m)
    ledger.transfer(a, b, "3.00")
    ledger.close()
    assert findings() == []
