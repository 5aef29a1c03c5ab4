"""What operators type at the counter; rules stay in the services."""
