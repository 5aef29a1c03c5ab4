"""Work of payments that follows an operation, in the background."""

from django_tasks import task

from payments.services.letters import tell_customer as write_letter
from payments.services.runs import continue_run


@task()
def run_refunds(run_id: int) -> None:
    """Give back the orders of a cancelled performance that still wait (spec G8)."""
    continue_run(run_id=run_id)


@task()
def tell_customer(line_id: int) -> None:
    """Write to the customer of an order of a cancelled performance (spec G8)."""
    write_letter(line_id=line_id)
