"""Power is read from files and a bus that may be missing, silent or broken; cost from processes that really work."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from capture.governor import Power, Profile, State
from capture.pacer import POWER_NS, USAGE_NS, SystemPacer
from capture.sources.meter import Meter
from capture.sources.power import NoBus, SystemPower
from capture.sources.power_bus import PowerBus
from capture.spending import SECOND, Usage
from tests.capture.system_bus import LOGIN, NEW, OLD, Doorman, Service, SystemBus

SUPPLY: Final = "sys/class/power_supply"
ADAPTER: Final = {f"{SUPPLY}/AC/type": "Mains\n", f"{SUPPLY}/AC/online": "1\n"}
UNPLUGGED: Final = {**ADAPTER, f"{SUPPLY}/AC/online": "0\n"}
CELL: Final = {
    f"{SUPPLY}/BAT0/type": "Battery\n",
    f"{SUPPLY}/BAT0/status": "Discharging\n",
    f"{SUPPLY}/BAT0/capacity": "64\n",
}
MOUSE: Final = {
    f"{SUPPLY}/hidpp_battery_0/type": "Battery\n",
    f"{SUPPLY}/hidpp_battery_0/scope": "Device\n",
    f"{SUPPLY}/hidpp_battery_0/status": "Discharging\n",
    f"{SUPPLY}/hidpp_battery_0/capacity": "5\n",
}
ZONE: Final = "sys/class/thermal/thermal_zone"
CHIP: Final = "sys/class/hwmon/hwmon"
PATIENCE: Final = 0.5
LONG: Final = 5.0
"""Half of what two hundred questions would wait if each did."""


def laid(root: Path, *files: dict[str, str]) -> Path:
    """A root folder with these files."""
    for path, text in (item for some in files for item in some.items()):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def read(root: Path, *files: dict[str, str]) -> Power:
    return SystemPower(NoBus(), root=laid(root, *files), cores=4).read()


def test_an_empty_machine_tells_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == Power()


def test_a_plugged_in_laptop_is_not_on_battery(tmp_path: Path) -> None:
    power = read(tmp_path, ADAPTER, CELL, {f"{SUPPLY}/BAT0/status": "Charging\n"})
    assert (power.on_battery, power.percent) == (False, 64)


def test_an_unplugged_laptop_is_on_battery(tmp_path: Path) -> None:
    power = read(tmp_path, UNPLUGGED, CELL)
    assert (power.on_battery, power.percent) == (True, 64)


def test_a_laptop_that_does_not_tell_of_its_plug_is_on_battery_when_that_empties(tmp_path: Path) -> None:
    assert read(tmp_path, CELL).on_battery is True


def test_a_laptop_that_was_just_unplugged_is_on_battery_though_it_still_says_full(tmp_path: Path) -> None:
    assert read(tmp_path, UNPLUGGED, CELL, {f"{SUPPLY}/BAT0/status": "Full\n"}).on_battery is True


def test_a_laptop_that_charges_over_usb_is_not_on_battery(tmp_path: Path) -> None:
    usb = {f"{SUPPLY}/ucsi/type": "USB\n", f"{SUPPLY}/ucsi/online": "1\n"}
    assert read(tmp_path, UNPLUGGED, usb, CELL).on_battery is False


def test_the_battery_of_a_mouse_is_not_the_machines(tmp_path: Path) -> None:
    power = read(tmp_path, ADAPTER, MOUSE)
    assert (power.on_battery, power.percent) == (False, None)


def test_a_battery_that_was_taken_out_does_not_count(tmp_path: Path) -> None:
    assert read(tmp_path, CELL, {f"{SUPPLY}/BAT0/present": "0\n"}).percent is None


def test_two_batteries_count_by_their_size(tmp_path: Path) -> None:
    second = {path.replace("BAT0", "BAT1"): text for path, text in CELL.items()}
    sizes = {f"{SUPPLY}/BAT0/energy_full": "60000000\n", f"{SUPPLY}/BAT1/energy_full": "20000000\n"}
    assert read(tmp_path, CELL, second, sizes, {f"{SUPPLY}/BAT1/capacity": "0\n"}).percent == 48


def test_two_batteries_of_unknown_size_count_alike(tmp_path: Path) -> None:
    second = {path.replace("BAT0", "BAT1"): text for path, text in CELL.items()}
    assert read(tmp_path, CELL, second, {f"{SUPPLY}/BAT1/capacity": "0\n"}).percent == 32


@pytest.mark.parametrize("untrusted", ["", "many", "nan", "inf", "-1", "4000", "6 4", "\xa0"])
def test_a_broken_charge_is_unknown(tmp_path: Path, untrusted: str) -> None:
    power = read(tmp_path, UNPLUGGED, CELL, {f"{SUPPLY}/BAT0/capacity": untrusted})
    assert (power.on_battery, power.percent) == (True, None)


def test_a_folder_in_the_place_of_a_file_is_unknown(tmp_path: Path) -> None:
    (tmp_path / f"{SUPPLY}/BAT0/capacity").mkdir(parents=True)
    (tmp_path / f"{SUPPLY}/BAT0/type").write_text("Battery\n")
    assert read(tmp_path).percent is None


def test_load_is_that_of_each_core(tmp_path: Path) -> None:
    assert read(tmp_path, {"proc/loadavg": "6.00 0.50 0.10 1/300 4000\n"}).load == 1.5


@pytest.mark.parametrize("untrusted", ["", "busy 1 1", "nan 1 1"])
def test_a_broken_load_is_unknown(tmp_path: Path, untrusted: str) -> None:
    assert read(tmp_path, {"proc/loadavg": untrusted}).load is None


def test_the_hottest_sensor_of_the_processor_counts(tmp_path: Path) -> None:
    zones = {
        f"{ZONE}0/type": "acpitz\n",
        f"{ZONE}0/temp": "99000\n",
        f"{ZONE}1/type": "x86_pkg_temp\n",
        f"{ZONE}1/temp": "71000\n",
    }
    chips = {f"{CHIP}0/name": "nvme\n", f"{CHIP}0/temp1_input": "80000\n"}
    cores = {f"{CHIP}1/name": "coretemp\n", f"{CHIP}1/temp1_input": "70000\n", f"{CHIP}1/temp2_input": "73500\n"}
    assert read(tmp_path, zones, chips, cores).celsius == 73.5


@pytest.mark.parametrize("untrusted", ["0", "-273000", "255000", "hot", ""])
def test_a_sensor_that_is_asleep_or_broken_is_unknown(tmp_path: Path, untrusted: str) -> None:
    assert read(tmp_path, {f"{ZONE}0/type": "cpu-thermal", f"{ZONE}0/temp": untrusted}).celsius is None


def test_this_machine_can_be_read() -> None:
    assert SystemPower(NoBus()).read().load is not None


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SystemBus]:
    with SystemBus(tmp_path) as bus:
        yield bus


@pytest.fixture
def listening(bus: SystemBus) -> Iterator[PowerBus]:
    """A connection to the bus, with more patience than on a desk, as machines of tests are busy."""
    listening = PowerBus(bus.address, answer_seconds=PATIENCE)
    yield listening
    listening.close()


@pytest.mark.parametrize("name", [NEW, OLD])
@pytest.mark.parametrize(("profile", "wanted"), [("power-saver", True), ("balanced", False), ("performance", False)])
def test_the_system_tells_whether_power_shall_be_saved(
    bus: SystemBus,
    listening: PowerBus,
    name: str,
    profile: str,
    wanted: bool,  # noqa: FBT001
) -> None:
    with Service(bus, name, profile=profile):
        assert listening.saver_wanted() is wanted


def test_a_change_of_the_systems_mind_is_seen(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, NEW, profile="power-saver") as service:
        assert listening.saver_wanted()
        service.profile = "balanced"
        assert not listening.saver_wanted()


def test_a_bus_without_the_service_wants_nothing(listening: PowerBus) -> None:
    assert not listening.saver_wanted()


@pytest.mark.parametrize("profile", [7, ""])
def test_a_service_that_answers_nonsense_wants_nothing(bus: SystemBus, listening: PowerBus, profile: object) -> None:
    with Service(bus, NEW, profile=profile):
        assert not listening.saver_wanted()


def test_a_service_that_refuses_wants_nothing(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, NEW, refuses=True):
        assert not listening.saver_wanted()


def test_a_service_that_does_not_answer_is_waited_for_once(bus: SystemBus) -> None:
    with Service(bus, NEW, profile=None) as service:
        listening, began = PowerBus(bus.address), time.monotonic()
        assert [listening.saver_wanted() for _ in range(200)] == [False] * 200
        assert time.monotonic() - began < LONG
        assert len(service.asked) <= 1


def test_a_bus_that_hangs_when_it_is_opened_is_waited_for_once(bus: SystemBus) -> None:
    bus.hang()
    listening, began = PowerBus(bus.address), time.monotonic()
    assert [listening.going_to_sleep() for _ in range(200)] == [False] * 200
    assert time.monotonic() - began < LONG


def test_a_bus_that_lets_in_and_never_greets_is_waited_for_once(tmp_path: Path) -> None:
    with Doorman(tmp_path / "door") as doorman:
        listening, began = PowerBus(doorman.address), time.monotonic()
        assert [listening.saver_wanted() for _ in range(200)] == [False] * 200
        assert time.monotonic() - began < LONG


def test_a_bus_that_hangs_later_is_waited_for_once(bus: SystemBus) -> None:
    listening = PowerBus(bus.address)
    assert not listening.saver_wanted()
    bus.hang()
    began = time.monotonic()
    assert [listening.saver_wanted() for _ in range(200)] == [False] * 200
    assert time.monotonic() - began < LONG


def test_a_bus_that_dies_is_no_bus(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, NEW, LOGIN, profile="power-saver") as service:
        assert listening.saver_wanted()
        assert not listening.going_to_sleep()
        service.say_sleep(True)  # noqa: FBT003
        bus.kill()
        assert (listening.going_to_sleep(), listening.saver_wanted()) == (False, False)


@pytest.mark.parametrize("address", ["unix:path=/nowhere/at/all", "tcp:host=localhost,port=1", "nonsense", ""])
def test_a_machine_without_a_bus_wants_nothing(address: str) -> None:
    assert not PowerBus(address).saver_wanted()


def test_sleep_is_told_before_and_after(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, LOGIN) as service:
        told = [listening.going_to_sleep()]
        for going in (True, False):
            service.say_sleep(going)
            told.append(listening.going_to_sleep())
    assert told == [False, True, False]


def test_sleep_that_is_told_during_a_question_is_heard(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, NEW, LOGIN) as service:
        assert not listening.going_to_sleep()
        service.say_sleep(True)  # noqa: FBT003
        assert not listening.saver_wanted()
        assert listening.going_to_sleep()


def test_another_programme_cannot_tell_of_sleep(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, LOGIN), Service(bus, "org.example.Other") as other:
        assert not listening.going_to_sleep()
        other.say_sleep(True)  # noqa: FBT003
        assert not listening.going_to_sleep()


def test_news_of_another_form_is_no_news(bus: SystemBus, listening: PowerBus) -> None:
    with Service(bus, LOGIN) as service:
        assert not listening.going_to_sleep()
        service.say_sleep("yes", signature="s")
        assert not listening.going_to_sleep()


def test_nothing_is_started_to_be_asked(bus: SystemBus, listening: PowerBus) -> None:
    assert not listening.saver_wanted()
    assert not bus.started.exists()
    bus.start_service()
    assert bus.started.exists()


BUSY: Final = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass\n"


def spun(seconds: float) -> None:
    """Takes CPU time in this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def meter() -> Meter:
    return Meter(lambda: 0)


def test_the_cpu_time_of_all_threads_is_counted() -> None:
    before = meter().read().cpu_seconds
    thread = threading.Thread(target=spun, args=(0.2,))
    thread.start()
    thread.join()
    assert meter().read().cpu_seconds - before >= 0.15


def test_a_child_counts_while_it_lives_and_after_its_end() -> None:
    before = meter().read().cpu_seconds
    program = f"{BUSY.format(seconds=0.3)}print(flush=True)\ninput()"
    with subprocess.Popen((sys.executable, "-c", program), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        alive = meter().read().cpu_seconds
        child.communicate(b"\n", timeout=20)
    assert alive - before >= 0.25
    assert meter().read().cpu_seconds >= alive


def test_a_grandchild_counts() -> None:
    before = meter().read().cpu_seconds
    inner = f"{BUSY.format(seconds=0.3)}print(flush=True)\ninput()"
    outer = f"import subprocess, sys\nsubprocess.run((sys.executable, '-c', {inner!r}))"
    with subprocess.Popen((sys.executable, "-c", outer), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        alive = meter().read().cpu_seconds
        child.communicate(b"\n", timeout=20)
    assert alive - before >= 0.25


def test_every_rest_is_a_wake_up() -> None:
    before = meter().read().wake_ups
    for _ in range(50):
        time.sleep(0.001)
    after = meter().read().wake_ups
    assert before is not None
    assert after is not None
    assert 50 <= after - before < 1000


def test_the_wake_ups_of_a_child_count_on_when_it_has_ended() -> None:
    one, program = meter(), "import time\nfor _ in range(300): time.sleep(0.0005)\nprint(flush=True)\ninput()"
    with subprocess.Popen((sys.executable, "-c", program), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        alive = one.read().wake_ups
        child.communicate(b"\n", timeout=20)
    ended = one.read().wake_ups
    assert alive is not None
    assert ended is not None
    assert ended >= alive >= 300


def test_the_bytes_are_those_that_the_queue_counts() -> None:
    assert Meter(lambda: 12_345).read().bytes_written == 12_345


def test_a_name_with_brackets_and_blanks_does_not_move_the_numbers(tmp_path: Path) -> None:
    fields = " ".join(str(number) for number in range(4, 53))
    laid(tmp_path, {"77/stat": f"77 (a) b (c) S {fields}\n", "77/task/77/children": ""})
    ticks = 14 + 15 + 16 + 17
    assert Meter(lambda: 0, pid=77, proc=tmp_path).read().cpu_seconds == pytest.approx(ticks / 100)


def test_a_child_that_is_gone_when_it_is_read_counts_as_nothing(tmp_path: Path) -> None:
    laid(tmp_path, {"77/stat": "", "77/task/77/children": "78 ", "77/task/77/status": "voluntary_ctxt_switches:\t9\n"})
    assert Meter(lambda: 0, pid=77, proc=tmp_path).read() == Usage(0, 0, 9)


def test_without_proc_wake_ups_are_unknown(tmp_path: Path) -> None:
    used = Meter(lambda: 3, proc=tmp_path).read()
    assert used.cpu_seconds > 0
    assert (used.bytes_written, used.wake_ups) == (3, None)


class Readings:
    """Power and usage that a test sets, with a count of how often they were read."""

    def __init__(self) -> None:
        self.power, self.usage = Power(), Usage(0, 0, 0)
        self.asleep = False
        self.power_reads = self.usage_reads = 0

    def read(self) -> Power:
        self.power_reads += 1
        return Power(self.power.on_battery, self.power.percent, going_to_sleep=self.asleep)

    def going_to_sleep(self) -> bool:
        return self.asleep

    def close(self) -> None:
        self.power = Power()


class Counted:
    """Usage beside it."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def read(self) -> Usage:
        self._readings.usage_reads += 1
        return self._readings.usage


def paced(readings: Readings) -> SystemPacer:
    return SystemPacer(Profile.AUTO, power=readings, usage=Counted(readings))


def test_usage_is_read_each_second_and_power_each_ten_however_often_the_pace_is_asked_for() -> None:
    readings = Readings()
    pacer = paced(readings)
    for millisecond in range(20_000):
        pacer.pace(7 * SECOND + millisecond * SECOND // 1000)
    assert (readings.usage_reads, readings.power_reads) == (20 * SECOND // USAGE_NS, 20 * SECOND // POWER_NS)


def test_a_battery_that_runs_low_is_noticed_within_ten_seconds() -> None:
    readings = Readings()
    pacer = paced(readings)
    assert pacer.pace(0).frames
    readings.power = Power(on_battery=True, percent=5)
    assert not pacer.pace(POWER_NS).frames


def test_going_to_sleep_and_waking_are_noticed_within_a_second() -> None:
    readings = Readings()
    pacer = paced(readings)
    paces = []
    for second, readings.asleep in enumerate((False, True, False)):
        paces.append(pacer.pace(second * USAGE_NS).frames)
    assert paces == [True, False, True]


def test_facts_can_be_asked_for_before_the_first_pace() -> None:
    told = paced(Readings()).facts(7 * SECOND)
    assert (told.state, told.cpu_percent, told.bytes_hour) == (State.NORMAL, 0, 0)
