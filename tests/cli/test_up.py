"""``geo-service up``: what it starts, what it survives, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geo_service.db import postmaster
from tests.cli.conftest import Service, alive, clean_environment, command_line, free_port, run
from tests.waiting import wait_until


def test_it_prints_the_addresses_and_serves(service: Service) -> None:
    for address in (f"http://127.0.0.1:{service.port}/", f"http://127.0.0.1:{service.port}/api", "QGIS"):
        assert address in service.log
    assert service.status("/readyz") == 200
    assert service.status("/api/collections/programme-areas/items?limit=1") == 200


def test_a_second_up_says_who_runs_and_where(service: Service) -> None:
    second = run("up", **service.environment | {"GEO_SERVICE_PORT": str(free_port())})
    assert second.returncode == 2
    assert f"process {service.up.pid}, since 20" in second.stderr
    assert f"at http://127.0.0.1:{service.port}" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_busy_port_is_found_before_anything_starts(service: Service, make_home: Callable[[], Path]) -> None:
    home = make_home()
    refused = run("up", GEO_SERVICE_HOME=str(home), GEO_SERVICE_PORT=str(service.port))
    assert refused.returncode == 2
    assert f"Cannot listen on 127.0.0.1 port {service.port}: Address already in use" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not (home / "cluster").exists()


def test_a_port_shared_by_so_reuseport_is_busy_as_well(make_home: Callable[[], Path]) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run("up", GEO_SERVICE_HOME=str(make_home()), GEO_SERVICE_PORT=str(port))
    assert refused.returncode == 2


def test_database_commands_use_the_running_database(service: Service) -> None:
    before = service.postmaster()
    assert "current" in run("db", "status", **service.environment).stdout
    shell = run(
        "db", "shell", "-Atc", "SELECT count(*) > 100 FROM registry.programme_area", **service.environment
    )
    assert shell.stdout.strip() == "t"
    assert "0 rows corrected" in run("db", "rebuild", **service.environment).stdout
    assert service.postmaster() == before


def test_a_killed_worker_is_replaced(service: Service) -> None:
    victim = service.workers()[0]
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: victim not in service.workers() and len(service.workers()) == 2)
    assert wait_until(lambda: service.status() == 200)


def test_a_killed_database_comes_back_and_the_web_server_stays(service: Service) -> None:
    web = service.web_process()
    victim = service.postmaster()
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: service.status() == 503)
    assert wait_until(lambda: service.status() == 200)
    assert service.web_process() == web
    assert service.postmaster() != victim
    assert "The database ended unexpectedly" in service.log


def test_a_killed_web_server_comes_back_and_its_workers_die_with_it(service: Service) -> None:
    victims = {service.web_process(), *service.workers()}
    os.kill(service.web_process(), signal.SIGKILL)
    assert wait_until(lambda: not any(alive(pid) for pid in victims))
    assert wait_until(lambda: service.status() == 200)


def test_a_killed_supervisor_takes_everything_along_and_the_next_start_recovers(service: Service) -> None:
    everything = service.processes()
    service.up.kill()
    service.up.wait()
    # At once: the database may still be shutting down, or be alive and adopted.
    service.start()
    assert service.status() == 200
    assert wait_until(lambda: not any(alive(pid) for pid in everything - {service.postmaster()}))


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(service: Service) -> None:
    pid_file = service.home / "cluster" / "data" / postmaster.PID_FILE
    content = pid_file.read_text().splitlines()
    service.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *content[1:]]) + "\n")
    service.start()
    assert service.status() == 200


def test_ctrl_c_stops_everything_it_started(service: Service) -> None:
    everything = service.processes()
    assert all("geo_service" in command_line(pid) or "postgres" in command_line(pid) for pid in everything)
    service.up.send_signal(signal.SIGINT)
    # The impatient press again.
    service.up.send_signal(signal.SIGINT)
    assert service.up.wait(30) == 0
    assert not any(alive(pid) for pid in everything)
    assert not (service.home / "cluster" / "data" / postmaster.PID_FILE).exists()
    assert service.log.rstrip().endswith("Stopped.")


@pytest.mark.parametrize("after", ["Database server", "Sample data"])
def test_a_signal_during_the_start_stops_what_was_started(service: Service, after: str) -> None:
    service.stop()
    service.launch()
    assert wait_until(lambda: after in service.log)
    service.up.send_signal(signal.SIGTERM)
    assert service.up.wait(5) == 0
    assert service.log.rstrip().endswith("Stopped.")
    assert not (service.home / "cluster" / "data" / postmaster.PID_FILE).exists()
    assert service.status() is None


def test_without_the_service_a_command_starts_the_database_and_stops_it(service: Service) -> None:
    service.stop()
    found = run("db", "status", **service.environment)
    assert "current" in found.stdout
    assert not (service.home / "cluster" / "data" / postmaster.PID_FILE).exists()


def test_two_commands_share_the_database_that_the_first_one_started(service: Service) -> None:
    service.stop()

    def shell(statement: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "geo_service", "db", "shell", "-Atc", statement]
        environment = clean_environment(**service.environment)
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    host = shell("SELECT pg_sleep(1.5), 'host'")
    assert wait_until(lambda: (service.home / "cluster" / "data" / postmaster.PID_FILE).exists())
    guest = shell("SELECT pg_sleep(2), 'guest'")
    said = host.communicate(timeout=30)
    assert "|host" in said[0]
    assert "waiting for its end" in said[1]
    assert "|guest" in guest.communicate(timeout=30)[0]
    assert (host.returncode, guest.returncode) == (0, 0)
    assert not (service.home / "cluster" / "data" / postmaster.PID_FILE).exists()
