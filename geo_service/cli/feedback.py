"""``geo-service feedback``: read and remove the reports of barriers that visitors sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geo_service.cli.screen import language, say
from geo_service.errors import Message, NotFoundError

if TYPE_CHECKING:
    from geo_service.web.feedback import FeedbackBox


@click.group("feedback", short_help="Reports of barriers that visitors sent.")
def feedback_group() -> None:
    """Read what visitors reported through the form on the page on accessibility.

    The reports lie in the home directory of the service (GEO_SERVICE_HOME), so run this as its user.

    \b
    Example:
      geo-service feedback list
    """


@feedback_group.command("list")
def list_command() -> None:
    """Print all reports, the oldest first.

    \b
    Example:
      geo-service feedback list
    """
    found = _box().read()
    for one in found:
        click.echo(f"{one.feedback_id}  {one.received_at}  [{one.language}]")
        for title, text in (
            (Message("Seite", "page"), one.page),
            (Message("E-Mail", "email"), one.email),
        ):
            if text:
                click.echo(f"  {title.text(language())}: {text}")
        click.echo("".join(f"  {line}\n" for line in one.message.splitlines()))
    say(Message(f"{len(found)} Meldungen", f"{len(found)} reports").text(language()))


@feedback_group.command("remove")
@click.argument("feedback_ids", metavar="ID...", nargs=-1, required=True)
def remove_command(feedback_ids: tuple[str, ...]) -> None:
    """Remove reports that were dealt with.

    \b
    Example:
      geo-service feedback remove 20261122T214912Z-5964ad72
    """
    box = _box()
    missing = [one for one in feedback_ids if not box.remove(one)]
    if missing:
        raise NotFoundError(f"there is no report {', '.join(missing)}")


def _box() -> FeedbackBox:
    from geo_service.settings import Settings
    from geo_service.web.feedback import FeedbackBox

    settings = Settings.load()
    return FeedbackBox(settings.home / "feedback", settings.feedback_max_stored, settings.feedback_max_hourly)
