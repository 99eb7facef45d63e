"""Sites, and who may do what on them."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Identity, Index, Integer, Table

from moderation.storage.tables.metadata import metadata
from moderation.storage.texts import PlainText
from moderation.storage.times import Moment

sites = Table(
    "sites",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", PlainText, nullable=False, unique=True),
    Column("key", PlainText, nullable=False, unique=True),
    Column("secret", PlainText, nullable=False, unique=True),
    Column("akismet_key", PlainText, nullable=False, unique=True),
    Column("origins", JSON, nullable=False),
    Column("locale", PlainText, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# People who sign in to the console. What they may do on a site is a row of `keys`, whose token
# nobody has ever seen: so whoever decides is a key, whichever way they came in.
people = Table(
    "people",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("email", PlainText, nullable=False, unique=True),
    Column("name", PlainText, nullable=False),
    Column("password_hash", PlainText, nullable=False),
    Column("totp_secret", PlainText),
    Column("totp_used", Integer, nullable=False),
    Column("wants_digest", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("site_id", ForeignKey(sites.c.id), nullable=False),
    Column("role", PlainText, nullable=False),
    Column("label", PlainText, nullable=False),
    Column("token_hash", PlainText, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("person_id", ForeignKey(people.c.id)),
    Column("scopes", PlainText, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
    Index("keys_by_person", "person_id", "site_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", PlainText, primary_key=True),
    Column("person_id", ForeignKey(people.c.id), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("sessions_by_person", "person_id"),
    Index("sessions_by_time", "expires_at"),
    sqlite_with_rowid=False,
)
