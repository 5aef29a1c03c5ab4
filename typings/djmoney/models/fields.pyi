from decimal import Decimal
from typing import Any

from django.db.models import DecimalField
from moneyed import Money

class MoneyField(DecimalField[Money | Decimal | int | str, Money]):
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
