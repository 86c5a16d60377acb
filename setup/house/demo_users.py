"""The people a person can log in as in the demo database."""

from company import people


def lines():
    """Return a line for every demo user: login, password, who it is."""
    staff = [(login, login, f"{name}, {login}") for login, (name, groups) in people.ROLES.items()]
    users = [
        ("admin", "admin", "administrator"),
        *staff,
        ("customer", "customer", "a customer, on the portal"),
    ]
    return [
        f"{login:<14} {password:<14} {who}" for login, password, who in [("login", "password", "who"), *users]
    ]
