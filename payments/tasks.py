"""Work of payments that follows an operation, in the background."""

from django_tasks import task

from payments.services.runs import continue_run


@task()
def run_refunds(run_id: int) -> None:
    """Give back the orders of a cancelled performance that still wait (spec G8)."""
    continue_run(run_id=run_id)
