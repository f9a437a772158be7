"""The settings of the service: ``config/service.toml`` below ``GEO_SERVICE_*`` below explicit values.

The environment is an argument, so that two differently configured services can live in one process and a
test needs no global state. All faults are reported at once, each with its key and where the value came from.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from geo_service.errors import ConfigError

PREFIX = "GEO_SERVICE_"
PROJECT_DIR = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything that can be configured, checked and frozen. Build it with :meth:`load`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", validate_default=True)

    project_dir: Path = PROJECT_DIR
    home: Path = Path("~/.local/share/geo-service")
    host: str = "127.0.0.1"
    port: int = Field(5000, ge=1, le=65535)
    public_url: str | None = None
    database_url: SecretStr | None = None
    database_read_url: SecretStr | None = None
    vendor_dir: Path | None = None
    workers: int = Field(2, ge=1, le=64)
    pool_size: int = Field(8, ge=1, le=200)
    statement_timeout_ms: int = Field(15_000, ge=100)
    default_limit: int = Field(100, ge=1)
    max_limit: int = Field(10_000, ge=1)
    mvt_extent: int = Field(4096, ge=256, le=16384)
    mvt_buffer: int = Field(64, ge=0, le=1024)
    mvt_max_features: int = Field(10_000, ge=1)
    document_max_bytes: int = Field(50 * 2**20, ge=1, le=2**30 - 2**20)
    max_body_bytes: int = Field(32 * 10**6, ge=1000, le=10**9)
    cache_bytes: int = Field(128 * 2**20, ge=0)
    background_tiles: str = ""
    background_attribution: str = ""
    operator_name: str = ""
    operator_address: str = ""
    operator_representative: str = ""
    operator_email: str = ""
    operator_phone: str = ""
    privacy_officer: str = ""
    privacy_authority: str = ""
    accessibility_status: Literal["", "full", "partial", "none"] = ""
    accessibility_checked: str = ""
    accessibility_ombuds_office: str = ""
    feedback_max_stored: int = Field(500, ge=0, le=100_000)
    feedback_max_hourly: int = Field(30, ge=1, le=10_000)
    geocoder_url: str = ""
    geocoder_attribution: str = ""
    geocoder_timeout_s: float = Field(3.0, gt=0, le=30)
    let_through_parameters: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    proxy_headers: Literal["x-forwarded", "forwarded"] = "x-forwarded"
    metrics_clients: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    log_format: Literal["text", "json"] = "text"

    @field_validator("home", "vendor_dir", "project_dir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str | None) -> str | None:
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://example.org/geo")
        return value.rstrip("/")

    @field_validator("geocoder_url")
    @classmethod
    def _geocoder_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment):
            raise ValueError("must be an address such as https://geocoder.example.org/search")
        return value

    @field_validator("database_url", "database_read_url")
    @classmethod
    def _database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        scheme, separator, rest = value.get_secret_value().partition("://")
        known = scheme in ("postgresql", "postgres", "postgresql+psycopg2")
        if not separator or not known or not _has_readable_hosts(value.get_secret_value()):
            raise ValueError("must be an address such as postgresql://user@host/database")
        return SecretStr(f"postgresql+psycopg2://{rest}")

    @field_validator("trusted_proxies", "metrics_clients")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(str(ip_network(one, strict=False)) for one in value)
        except ValueError as error:
            raise ValueError(f"must be addresses or networks such as 10.0.0.0/8: {error}") from None

    @field_validator("max_limit")
    @classmethod
    def _limits(cls, value: int, info: Any) -> int:
        if value < info.data.get("default_limit", 1):
            raise ValueError("must not be smaller than default_limit")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing by itself: :meth:`load` merges the sources, because the environment is an argument."""
        return (init_settings,)

    @classmethod
    def load(
        cls, environ: Mapping[str, str] | None = None, project_dir: Path | None = None, **changes: Any
    ) -> Settings:
        """Merge defaults, ``config/service.toml``, ``GEO_SERVICE_*`` and `changes`, later ones winning.

        Raises
        ------
        ConfigError
            Naming every unknown key and every bad value, and where it came from.
        """
        project = project_dir or PROJECT_DIR
        values, origins = _read_file(project / "config" / "service.toml")
        for variable, text in (os.environ if environ is None else environ).items():
            if variable.startswith(PREFIX):
                key = variable.removeprefix(PREFIX).lower()
                values[key], origins[key] = _from_text(cls, key, text), variable
        for key, value in changes.items():
            values[key], origins[key] = value, "argument"
        values.setdefault("project_dir", project)
        try:
            return cls(**values)
        except ValidationError as error:
            raise ConfigError(_explain(error, origins)) from None


def _has_readable_hosts(address: str) -> bool:
    """Tell whether each host of an address, which may name several, has brackets that fit and a port that is one."""
    try:
        for host in urlsplit(address).netloc.rpartition("@")[2].split(","):
            _ = urlsplit(f"//{host}").port
    except ValueError:
        return False
    return True


def _read_file(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The settings file {path} cannot be read: {error}") from error
    return values, {key: str(path) for key in values}


def _from_text(cls: type[Settings], key: str, text: str) -> Any:
    """Turn the text of an environment variable into what the model expects; lists are separated by commas."""
    field = cls.model_fields.get(key)
    if field is not None and field.annotation == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return field.default if field is not None and text == "" else text


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    faults = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        key = str(fault["loc"][0]) if fault["loc"] else "?"
        reason = "no such setting" if fault["type"] == "extra_forbidden" else fault["msg"]
        reason = reason.removeprefix("Value error, ")
        faults.append(f"{key} (from {origins.get(key, 'default')}): {reason}")
    return "The settings are not usable: " + "; ".join(faults)
