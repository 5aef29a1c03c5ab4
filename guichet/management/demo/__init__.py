"""The demo venue: a theatre, its season, its people, and three months of its life.

- ``house``: the institution, its payment modes, points of sale, tills and logins;
- ``names`` and ``people``: the contacts, among them the names that break software;
- ``season`` and ``programme``: what is played, and when;
- ``story`` tells the days one by one: what happens by chance (``desk``, ``tenders``,
  ``bookings``, ``returns``) and what must happen so that every screen has something to show
  (``scenes``).

Everything is invented, and everything is posted through the services of the house.
"""
