from collections.abc import Callable, Iterator

import pytest

from geo_service.db.cluster import Cluster
from tests.faults.serving import Served


@pytest.fixture(scope="module")
def make_served(
    cluster: Cluster, sample_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Served]]:
    """Return a function that serves a database (the sample data) and stops it at the end."""
    started: list[Served] = []

    def _make(database_url: str = "", read_url: str = "", **changes: object) -> Served:
        served = Served(
            tmp_path_factory.mktemp("served"),
            database_url or cluster.url(sample_database),
            read_url or ("" if database_url else cluster.url(sample_database, role="reader")),
            **changes,
        )
        started.append(served)
        served.start()
        return served

    yield _make
    for served in started:
        served.stop()


@pytest.fixture(scope="module")
def served(make_served: Callable[..., Served]) -> Served:
    """Two workers on the sample data."""
    return make_served()
