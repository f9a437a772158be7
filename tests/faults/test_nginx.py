"""Behind a real nginx with TLS, configured by the example that we ship: every link is right."""

import gzip
import http.client
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from geo_service.settings import PROJECT_DIR
from tests.cli.conftest import free_port
from tests.faults.serving import Served, ask
from tests.waiting import wait_until

EXAMPLE = PROJECT_DIR / "config" / "deploy" / "nginx.conf"
PREFIX = "/gebiete"
STARTS = (
    ("/", "text/html"),
    ("/profiles", "text/html"),
    ("/api", "text/html"),
    ("/api/collections/programme-areas/items?limit=3", "text/html"),
    ("/api", "application/json"),
    ("/api/collections", "application/json"),
    ("/api/collections/programme-areas/items?limit=3", "application/geo+json"),
    ("/api/styles/status", "application/json"),
    ("/api/collections/programme-areas/tiles/WebMercatorQuad/tilejson.json", "application/json"),
)
MAIN = """
worker_processes 1;
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
{user}
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/site.conf;
}}
"""


@dataclass
class Nginx:
    port: int
    log: Path

    def get(self, url: str, **headers: str) -> tuple[int, Message, bytes]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        parts = urlsplit(url)
        connection = http.client.HTTPSConnection(parts.hostname or "", self.port, timeout=30, context=context)
        try:
            path = parts._replace(scheme="", netloc="").geturl()
            connection.request("GET", path, headers={"Accept": "*/*", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def behind(make_served) -> Served:
    return make_served(workers=1, settings={"trusted_proxies": "127.0.0.1,::1"})


@pytest.fixture(scope="module")
def nginx(behind: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "the tests behind a proxy need nginx (Debian's package nginx)"
    directory = tmp_path_factory.mktemp("nginx")
    port = free_port()
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "2",
    ]
    files = ["-keyout", str(directory / "key.pem"), "-out", str(directory / "cert.pem")]
    subprocess.run([*request, *files], check=True, capture_output=True)
    site = EXAMPLE.read_text()
    for ours, theirs in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/certs/geo.example.org.pem", str(directory / "cert.pem")),
        ("/etc/ssl/private/geo.example.org.key", str(directory / "key.pem")),
        ("127.0.0.1:5000", f"127.0.0.1:{behind.port}"),
    ):
        assert site.count(ours) == 1, f"the example has lost {ours}"
        site = site.replace(ours, theirs)
    (directory / "site.conf").write_text(site)
    # As root it would become nobody, who may not enter the directory of the test.
    user = "user root;" if directory.owner() == "root" else ""
    config = directory / "nginx.conf"
    config.write_text(MAIN.format(directory=directory, user=user))
    command = [program, "-p", str(directory), "-c", str(config), "-e", str(directory / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        assert wait_until(lambda: listening(port)), (directory / "error.log").read_text()
        yield Nginx(port, directory / "error.log")
    finally:
        process.terminate()
        process.wait(20)


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if value and name in ("href", "src", "action")]


def links(content: bytes, media_type: str) -> set[str]:
    text = content.decode()
    if "html" in media_type:
        parser = _Links()
        parser.feed(text)
        found = [link for link in parser.found if re.match(r"https?://|/|\.", link)]
    else:
        # Every address of ours in the document, whatever its member is called.
        found = re.findall(r'"(https?://(?:localhost|127\.0\.0\.1)[^"]*|/[a-z][^"]*)"', text)
    return {link.partition("#")[0] for link in found}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize(("start", "accept"), STARTS)
def test_every_link_leads_back_through_the_proxy(nginx: Nginx, host: str, start: str, accept: str) -> None:
    origin = f"https://{host}:{nginx.port}"
    status, headers, content = nginx.get(f"{origin}{PREFIX}{start}", Accept=accept)
    assert status == 200
    found = links(content, headers["Content-Type"])
    found |= set(re.findall(r"<([^>]*)>", headers.get("Link", "")))
    ours = set()
    for link in found:
        absolute = urljoin(f"{origin}{PREFIX}{start}", link)
        parts = urlsplit(absolute)
        if parts.hostname in ("127.0.0.1", "localhost"):
            assert (
                absolute.startswith((f"{origin}{PREFIX}/", f"{origin}{PREFIX}?"))
                or absolute == f"{origin}{PREFIX}"
            ), link
            ours.add(absolute)
    assert ours, "a page that links to nothing proves nothing"
    for link in sorted(link for link in ours if "{" not in link)[:12]:
        if link.endswith("/sprite"):
            link += ".json"
        answered, answer, body = nginx.get(link)
        assert answered in (200, 204, 303, 308), f"{link} -> {answered} {body[:200]!r}"
        if "Location" in answer:
            assert urljoin(link, answer["Location"]).startswith(f"{origin}{PREFIX}")


def test_the_prefix_without_a_slash_leads_to_the_map(nginx: Nginx) -> None:
    status, headers, _ = nginx.get(f"https://localhost:{nginx.port}{PREFIX}")
    assert status == 308
    assert urlsplit(headers["Location"]).path == f"{PREFIX}/"


def test_the_metrics_are_not_on_the_outside(nginx: Nginx, behind: Served) -> None:
    assert nginx.get(f"https://localhost:{nginx.port}{PREFIX}/metrics")[0] == 404
    assert behind.ask("/metrics").status == 200


def test_what_a_client_makes_up_does_not_pass_the_proxy(nginx: Nginx) -> None:
    forged = {
        "Accept": "application/json",
        "X-Forwarded-Host": "evil.example.net",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example.net",
    }
    status, _, content = nginx.get(f"https://localhost:{nginx.port}{PREFIX}/api", **forged)
    assert status == 200
    assert b"evil" not in content


def test_conditional_requests_and_codings_pass_the_proxy(nginx: Nginx) -> None:
    url = f"https://localhost:{nginx.port}{PREFIX}/api/collections/programme-areas/tiles/WebMercatorQuad/6/21/33"
    status, headers, _ = nginx.get(url)
    assert status == 200
    known, _, content = nginx.get(url, **{"If-None-Match": headers["ETag"]})
    assert (known, content) == (304, b"")
    _, coded, content = nginx.get(url, **{"Accept-Encoding": "gzip"})
    assert coded["Content-Encoding"] == "gzip"
    assert gzip.decompress(content)
    assert headers["Strict-Transport-Security"]
    assert len(re.findall("[0-9a-f]", headers["X-Request-Id"])) == 32, (
        "nginx gave it, and its log has the same"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_asked_directly_the_links_say_how_it_was_asked(behind: Served, host: str) -> None:
    origin = f"{host}:{behind.port}"
    answer = ask(behind.port, "/api", headers={"Accept": "application/json", "Host": origin})
    found = links(answer.content, "application/json")
    assert found
    assert all(link.startswith(f"http://{origin}/") for link in found if "//" in link)
