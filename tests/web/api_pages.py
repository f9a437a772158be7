"""Pages of the API as a browser asks for them."""

from tests.web.conftest import HTML
from tests.web.html import named

AREAS = "/api/collections/programme-areas"
ITEMS = f"{AREAS}/items"
AREA = f"{ITEMS}/dortmund-nordstadt"


def page(client, path, **headers):
    return client.get(path, headers={**HTML, **headers})


def texts(html, name, css=None):
    return [e.text for e in named(html, name) if css is None or css in e.attributes.get("class", "").split()]
