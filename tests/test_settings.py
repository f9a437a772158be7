import re
import tomllib

import pytest

from geo_service.errors import ConfigError
from geo_service.settings import PROJECT_DIR, Settings


def test_the_file_gives_the_defaults_and_the_environment_wins():
    assert Settings.load({}).port == 5000
    assert Settings.load({"GEO_SERVICE_PORT": "5001"}).port == 5001
    assert Settings.load({"GEO_SERVICE_PORT": "5001"}, port=5002).port == 5002


def test_all_faults_are_reported_at_once_with_key_and_origin():
    with pytest.raises(ConfigError) as caught:
        Settings.load(
            {"GEO_SERVICE_PORT": "many", "GEO_SERVICE_PROT": "1", "GEO_SERVICE_PUBLIC_URL": "example.org"}
        )
    text = str(caught.value)
    assert "port (from GEO_SERVICE_PORT)" in text
    assert "prot (from GEO_SERVICE_PROT): no such setting" in text
    assert "public_url (from GEO_SERVICE_PUBLIC_URL): must be an address" in text


def test_passwords_never_print():
    settings = Settings.load({"GEO_SERVICE_DATABASE_URL": "postgresql://user:geheim@host/areas"})
    assert "geheim" not in repr(settings)
    assert settings.database_url.get_secret_value() == "postgresql+psycopg2://user:geheim@host/areas"


@pytest.mark.parametrize("url", ["mysql://host/areas", "host/areas"])
def test_a_database_that_is_not_postgresql_is_refused(url):
    with pytest.raises(ConfigError, match="database_url"):
        Settings.load({"GEO_SERVICE_DATABASE_URL": url})


def test_an_empty_variable_means_the_default():
    settings = Settings.load({"GEO_SERVICE_DATABASE_URL": "", "GEO_SERVICE_PUBLIC_URL": ""})
    assert settings.database_url is None
    assert settings.public_url is None


def test_a_public_address_has_no_slash_at_its_end():
    assert (
        Settings.load({"GEO_SERVICE_PUBLIC_URL": "https://example.org/geo/"}).public_url
        == "https://example.org/geo"
    )


def test_settings_cannot_be_changed_later():
    with pytest.raises(ValueError, match="frozen"):
        Settings.load({}).port = 1


def test_a_broken_settings_file_is_one_sentence(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "service.toml").write_text("port = = 5")
    with pytest.raises(ConfigError, match="cannot be read"):
        Settings.load({}, project_dir=tmp_path)


def test_the_file_says_the_defaults_of_the_program():
    file = tomllib.loads((PROJECT_DIR / "config" / "service.toml").read_text())
    assert len(file) > 30
    assert Settings.load({}) == Settings()


def test_the_readme_lists_every_setting_and_no_other():
    readme = (PROJECT_DIR / "README.md").read_text()
    table = readme.partition("\n## Configuration\n")[2].partition("\n\nAll commands")[0]
    named = set(re.findall(r"`GEO_SERVICE_([A-Z_]+)`", table))
    # Behind the first of a row the others are named by their ends: `…_EMAIL`.
    ends = tuple(re.findall(r"`…(_[A-Z_]+)`", table))
    settings = {key.upper() for key in Settings.model_fields} - {"PROJECT_DIR", "VENDOR_DIR"}
    assert {key for key in settings - named if not key.endswith(ends)} == set()
    assert set(re.findall(r"GEO_SERVICE_([A-Z_]+)", readme)) <= settings
