"""People who sign in to the console: who they are, and what they may do on which site."""

import click

from moderation.access import passwords
from moderation.cli.naming import name_of
from moderation.cli.opening import opened
from moderation.domain.key import Role
from moderation.domain.person import Person
from moderation.domain.site import Site
from moderation.errors import InvalidRequest, NotFound
from moderation.review import admission
from moderation.services import now
from moderation.storage.transaction import Transaction

LONGEST_EMAIL = 254
ROLES = click.Choice([role.value for role in Role])


@click.group()
def people() -> None:
    """Let people sign in to the console, and take that back."""


@people.command()
@click.argument("email")
@click.option("--name", required=True, help="Who it is; written into the audit.")
@click.option("--site", "sites", multiple=True, required=True, help="On which; may be repeated.")
@click.option("--role", type=ROLES, required=True, help="What they may do there.")
def add(email: str, name: str, sites: tuple[str, ...], role: str) -> None:
    """Add somebody who signs in as EMAIL, and print their first password, once, alone on a line."""
    name = name_of(name, "--name")
    email = email.strip()
    if "@" not in email or len(email) > LONGEST_EMAIL or not email.isprintable():
        raise click.BadParameter("an e-mail address is expected", param_hint="EMAIL")
    password = passwords.make_up()
    with opened() as database, database.transaction() as transaction:
        found = [_site(transaction, one) for one in dict.fromkeys(sites)]
        try:
            person = transaction.people.add(email, name, passwords.encode(password), now())
        except InvalidRequest as error:
            raise click.ClickException(f"{email} signs in already.") from error
        for site in found:
            admission.grant(transaction, person, site, Role(role), now())
    click.echo("This is the first password; it cannot be shown again.", err=True)
    click.echo(password)


@people.command("list")
def show_list() -> None:
    """List everybody: address, name, one-time codes, and their role on each site."""
    with opened() as database, database.read() as memory:
        names = {site.id: site.name for site in memory.sites.all()}
        for person in memory.people.all():
            roles = [f"{names[key.site_id]}:{key.role}" for key in memory.keys.of_person(person.id)]
            codes = "codes" if person.has_one_time_codes else "password only"
            closed = " (closed)" if person.disabled_at else ""
            click.echo(f"{person.email}\t{person.name}{closed}\t{codes}\t{' '.join(roles)}")


@people.command()
@click.argument("email")
@click.argument("site")
@click.option("--role", type=ROLES, required=True, help="What they may do there.")
def grant(email: str, site: str, role: str) -> None:
    """Give the person EMAIL a role on SITE, in place of the one they have there."""
    with opened() as database, database.transaction() as transaction:
        person, found = _person(transaction, email), _site(transaction, site)
        admission.grant(transaction, person, found, Role(role), now())
    click.echo(f"{email} is {role} on {site}.")


@people.command()
@click.argument("email")
@click.argument("site")
def revoke(email: str, site: str) -> None:
    """Take SITE away from the person EMAIL; what they decided stays in the audit."""
    with opened() as database, database.transaction() as transaction:
        person, found = _person(transaction, email), _site(transaction, site)
        try:
            admission.withdraw(transaction, person, found, now())
        except NotFound as error:
            raise click.ClickException(f"{email} has no role on {site}.") from error
    click.echo(f"{email} has no role on {site} any more.")


@people.command()
@click.argument("email")
@click.option("--stop-codes", is_flag=True, help="Ask for no one-time code either: a lost phone.")
def password(email: str, stop_codes: bool) -> None:
    """Give the person EMAIL a new password, end their sessions, and print it alone on a line."""
    made = passwords.make_up()
    with opened() as database, database.transaction() as transaction:
        person = _person(transaction, email)
        transaction.people.change(person.id, password_hash=passwords.encode(made))
        if stop_codes:
            transaction.people.change(person.id, totp_secret=None)
            admission.enter_account(transaction, person, "codes", now())
        transaction.sessions.end_others(person.id)
        admission.enter_account(transaction, person, "password", now())
    click.echo("This is the new password; it cannot be shown again.", err=True)
    click.echo(made)


@people.command()
@click.argument("email")
def close(email: str) -> None:
    """Let the person EMAIL sign in no more, and end their sessions at once."""
    with opened() as database, database.transaction() as transaction:
        person = _person(transaction, email)
        transaction.sessions.end_others(person.id)
        if person.disabled_at is None:
            transaction.people.change(person.id, disabled_at=now())
            admission.enter_account(transaction, person, "close", now())
    click.echo(f"{email} cannot sign in any more.")


@people.command()
@click.argument("email")
def reopen(email: str) -> None:
    """Let the person EMAIL sign in again."""
    with opened() as database, database.transaction() as transaction:
        person = _person(transaction, email)
        if person.disabled_at is not None:
            transaction.people.change(person.id, disabled_at=None)
            admission.enter_account(transaction, person, "reopen", now())
    click.echo(f"{email} can sign in again.")


def _site(memory: Transaction, name: str) -> Site:
    found = memory.sites.by_name(name)
    if found is None:
        raise click.ClickException(f"There is no site named {name}.")
    return found


def _person(memory: Transaction, email: str) -> Person:
    try:
        return memory.people.by_email(email.strip()).person
    except NotFound as error:
        raise click.ClickException(f"Nobody signs in as {email}.") from error
