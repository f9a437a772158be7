"""Headers of proxies: believed of those that are configured, and of nobody else."""

import pytest

JSON = {"Accept": "application/json"}
BEHIND = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "geo.example.org",
    "X-Forwarded-Prefix": "/gebiete",
}
RFC7239 = {"Forwarded": 'for=192.0.2.60, for="[2001:db8::17]:4711";proto=https;host="geo.example.org:8443"'}


@pytest.fixture(scope="module")
def ask(make_app, vendor_settings):
    apps = {}

    def _ask(headers, path="/api", peer="127.0.0.1", **settings):
        key = tuple(sorted(settings.items()))
        if key not in apps:
            apps[key] = make_app(vendor_settings.model_copy(update=settings))
        return (
            apps[key].test_client().get(path, headers=JSON | headers, environ_overrides={"REMOTE_ADDR": peer})
        )

    return _ask


def address(answer):
    assert answer.status_code == 200, answer.text
    links = {link["rel"]: link["href"] for link in answer.json["links"]}
    return links["self"].removesuffix("/api?f=json").removesuffix("/api")


def test_by_default_nobody_is_believed(ask):
    assert address(ask(BEHIND)) == "http://localhost"
    assert address(ask(RFC7239)) == "http://localhost"


def test_a_trusted_proxy_says_where_the_service_is(ask):
    assert address(ask(BEHIND, trusted_proxies=("127.0.0.0/8",))) == "https://geo.example.org/gebiete"
    assert (
        address(ask(BEHIND, peer="2001:db8::5", trusted_proxies=("2001:db8::/32",)))
        == "https://geo.example.org/gebiete"
    )
    assert (
        address(ask(BEHIND, peer="::ffff:10.1.2.3", trusted_proxies=("10.0.0.0/8",)))
        == "https://geo.example.org/gebiete"
    )


def test_another_machine_is_not_believed(ask):
    assert address(ask(BEHIND, peer="203.0.113.7", trusted_proxies=("127.0.0.0/8",))) == "http://localhost"


def test_the_nearest_proxy_is_believed_and_not_what_came_before_it(ask):
    chained = {name: f"evil.example.net, {value}" for name, value in BEHIND.items()}
    assert address(ask(chained, trusted_proxies=("127.0.0.1/32",))) == "https://geo.example.org/gebiete"


def test_only_the_kind_of_headers_that_the_proxy_sets_counts(ask):
    trusted = {"trusted_proxies": ("127.0.0.1/32",)}
    forged = {"Forwarded": "for=192.0.2.1;host=evil.example.net;proto=http"}
    assert address(ask(BEHIND | forged, **trusted)) == "https://geo.example.org/gebiete"
    assert address(ask(forged, **trusted)) == "http://localhost"
    assert (
        address(ask(RFC7239 | BEHIND, proxy_headers="forwarded", **trusted)) == "https://geo.example.org:8443"
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"X-Forwarded-Prefix": "//evil.example.net"},
        {"X-Forwarded-Prefix": "/a/../.."},
        {"X-Forwarded-Prefix": "javascript:alert(1)"},
        {"X-Forwarded-Prefix": '/a"><script>'},
        {"X-Forwarded-Proto": "javascript"},
        {"X-Forwarded-Proto": ""},
        {"Forwarded": '"' * 3000},
    ],
)
def test_what_makes_no_sense_is_left_out(ask, odd):
    assert address(ask(odd, trusted_proxies=("127.0.0.1/32",))) == "http://localhost"
    assert (
        address(ask(odd, trusted_proxies=("127.0.0.1/32",), proxy_headers="forwarded")) == "http://localhost"
    )


def test_a_host_that_is_none_is_refused(ask):
    answer = ask({"X-Forwarded-Host": "a b/<c>"}, trusted_proxies=("127.0.0.1/32",))
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "settings", "base"),
    [
        ({}, {}, "http://localhost"),
        (BEHIND, {"trusted_proxies": ("127.0.0.1/32",)}, "https://geo.example.org/gebiete"),
        ({}, {"public_url": "https://geo.example.org/karten"}, "https://geo.example.org/karten"),
    ],
    ids=["alone", "behind a proxy", "with a public address"],
)
def test_double_slashes_lead_to_the_public_address(ask, headers, settings, base):
    for path, meant in (
        ("/api//collections?f=json", "/api/collections?f=json"),
        ("/profiles//dortmund-nordstadt", "/profiles/dortmund-nordstadt"),
    ):
        moved = ask(headers, path, **settings)
        assert moved.status_code == 308
        assert moved.headers["Location"] == base + meant
    refused = ask({"Host": "evil example"}, "/api//collections")
    assert refused.status_code == 400
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert "Location" not in refused.headers


def test_metrics_are_for_configured_clients(ask):
    trusted = {"trusted_proxies": ("127.0.0.1/32",)}
    assert ask({}, "/metrics").status_code == 200
    assert ask({}, "/metrics", peer="192.0.2.1").status_code == 403
    assert ask({}, "/metrics", peer="192.0.2.1", metrics_clients=("192.0.2.0/24",)).status_code == 200
    assert ask({"X-Forwarded-For": "127.0.0.1"}, "/metrics").status_code == 403
    assert ask({"X-Real-Ip": "127.0.0.1"}, "/metrics").status_code == 403
    assert ask({"X-Forwarded-For": "127.0.0.1"}, "/metrics", **trusted).status_code == 200
    assert ask({"X-Forwarded-For": "192.0.2.1"}, "/metrics", **trusted).status_code == 403
    assert ask({"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}, "/metrics", **trusted).status_code == 403
    assert ask({}, "/metrics", peer="192.0.2.1", metrics_clients=()).status_code == 403


def test_the_refusal_is_readable_in_both_languages(ask):
    german = ask({"Accept-Language": "de"}, "/metrics", peer="192.0.2.1")
    assert german.json["title"] == "Nicht erlaubt"
    page = ask({"Accept": "text/html", "Accept-Language": "en"}, "/metrics", peer="192.0.2.1")
    assert (page.status_code, page.mimetype) == (403, "text/html")
    assert "who watch over the service" in page.text
