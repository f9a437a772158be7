"""Accessibility, checked by axe-core (npm) inside the page as a browser shows it.

The library is put into the page by the debugger's own channel, not by a script element: so a page is checked
under the content security policy that it is published with.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# WCAG 2.0 to 2.2, levels A and AA (the law's BITV rests on them), and axe's own good practice.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

_RUN = """
async ([tags, disabled]) => {
  const rules = Object.fromEntries(disabled.map(rule => [rule, {enabled: false}]));
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"], iframes: false,
  });
  return found.violations;
}
"""


@cache
def axe_source() -> str:
    """Return the script of axe-core from the packages of the tests' set-up."""
    directory = os.environ.get("GEO_SERVICE_VENDOR_DIR", "")
    script = Path(directory) / "axe-core" / "axe.min.js"
    assert script.is_file(), "GEO_SERVICE_VENDOR_DIR must name the directory with axe-core"
    return script.read_text(encoding="utf-8")


def violations(page: Page, *, tags: tuple[str, ...] = TAGS, disabled: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds in `page` as it stands, one readable text per rule that is broken.

    Parameters
    ----------
    page : Page
        A page that has loaded; menus, dialogues and results are checked in the state they are in.
    tags : tuple of str
        Which rules run.
    disabled : tuple of str
        Rules to leave out; whoever does so says why beside it.

    Notes
    -----
    An empty list is a pass; :func:`assert_accessible` says so in a test.
    """
    # Page.evaluate speaks to the engine by the debugger, which the policy of the page does not govern.
    page.evaluate(axe_source())
    return [_told(violation) for violation in page.evaluate(_RUN, [list(tags), list(disabled)])]


def assert_accessible(page: Page, **options: Any) -> None:
    """Fail with everything that axe-core finds in `page`, one finding below the other."""
    found = violations(page, **options)
    assert not found, f"{page.url}\n" + "\n".join(found)


def _told(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"][:5]:
        place = " ".join(str(part) for part in node["target"])
        summary = node["failureSummary"].replace("\n", " ")
        lines.append(f"  {place}: {node['html'][:160]}\n    {summary}")
    if len(violation["nodes"]) > 5:
        lines.append(f"  … and {len(violation['nodes']) - 5} more")
    return "\n".join(lines)
