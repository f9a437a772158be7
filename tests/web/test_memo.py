"""What is kept with the version of the data is never shown with another one."""

from sqlalchemy import text

from geo_service.db.engine import read_engine, reading_snapshot
from geo_service.web.memo import Memo
from tests.factories import make_area
from tests.web.conftest import HTML


def test_a_page_counts_what_it_lists_also_after_an_edit(make_app, make_settings, database, engine):
    client = make_app(make_settings(database)).test_client()
    for number in range(1, 4):
        with engine.begin() as connection:
            make_area(connection, area_id=f"area-{number}", status="ongoing", start_year=2000 + number)
        for path in ("/profiles", "/"):
            html = client.get(path, headers=HTML).text
            assert html.count('class="area-link"') == number
            assert f'<span class="state-count">{number}</span>' in html
    with engine.begin() as connection:
        connection.execute(text("UPDATE registry.programme_area SET status = 'completed', end_year = 2020"))
    html = client.get("/profiles?status=completed", headers=HTML).text
    assert html.count('class="area-link"') == 3


def test_results_are_computed_once_for_a_version_and_the_oldest_go_first(make_settings, database, engine):
    memo, asked = Memo(size=2), []

    def compute(value):
        return lambda: (asked.append(value), value)[1]

    reader = read_engine(make_settings(database))
    with reading_snapshot(reader) as connection:
        assert [memo.get(connection, "a", compute(1)) for _ in range(3)] == [1, 1, 1]
        assert memo.get(connection, "b", compute(2)) == 2
        assert memo.get(connection, "a", compute(9)) == 1
        assert memo.get(connection, "c", compute(3)) == 3
        assert memo.get(connection, "b", compute(4)) == 4, "b was asked for longest ago"
    assert asked == [1, 2, 3, 4]
    with engine.begin() as connection:
        make_area(connection, area_id="another")
    with reading_snapshot(reader) as connection:
        assert memo.get(connection, "b", compute(5)) == 5
    reader.dispose()
