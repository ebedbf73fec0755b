"""What the recorder does next: each command, clock, signal and file in each state, over a clock that the test moves."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path

import pytest

from capture.command import NEXT, Command, RecorderState, Request, Turn
from capture.sources.fake import FakeClock
from optin.controls import pause_end
from optin.steering import PAUSED, Limits, Steering
from vault.errors import BadInput, Refused

HOUR_MS = 3_600_000


class SetClock(FakeClock):
    """A clock whose wall a person sets."""

    ahead_ms = 0

    def wall_ms(self) -> int:
        """With what it was set by."""
        return super().wall_ms() + self.ahead_ms


class World:
    """A steering with all that it depends on; time passes by `wait`, the wall clock also by `set_wall`."""

    def __init__(self, folder: Path, *, seconds: int = 1200, lease_ms: int = HOUR_MS) -> None:
        self.clock = SetClock()
        self.stop_file = folder / "STOP"
        self.entries = 0
        self.refuses = False
        self.listens = True
        self.announced = 0
        limits = Limits(seconds, self.clock.wall_ms() + lease_ms, self.stop_file)
        self.steering = Steering(limits, self.clock, entered=self._enter, told=self._tell)

    def _enter(self) -> None:
        if self.refuses:
            raise Refused("the ledger cannot be written")
        self.entries += 1

    def _tell(self) -> bool:
        self.announced += 1
        return self.listens

    def wait(self, seconds: float) -> str | None:
        """What `turn` says after this time."""
        self.clock.sleep(seconds)
        return self.steering.turn()

    def set_wall(self, seconds: float) -> None:
        """Sets the wall clock, and nothing else, by so much."""
        self.clock.ahead_ms += round(seconds * 1000)

    def command(self, command: Command, until_ms: int | None = None) -> str:
        """What a command is answered."""
        return self.steering.handle(Request(command=command, until_ms=until_ms))

    def in_state(self, state: RecorderState) -> World:
        """Itself, brought to a state."""
        if state is not RecorderState.STARTING:
            self.steering.opened()
        if state is RecorderState.PAUSED:
            self.command(Command.PAUSE)
        if state is RecorderState.STOPPING:
            self.command(Command.STOP)
        assert self.steering.state is state
        return self

    def pause_for(self, seconds: int) -> None:
        self.steering.opened()
        self.command(Command.PAUSE, self.clock.wall_ms() + seconds * 1000)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize("state", RecorderState)
@pytest.mark.parametrize("turn", Turn)
def test_it_goes_where_the_table_says(world: World, state: RecorderState, turn: Turn) -> None:
    steering = world.in_state(state).steering
    match turn:
        case Turn.OPENED:
            steering.opened()
        case Turn.PAUSE:
            world.command(Command.PAUSE)
        case Turn.RESUME:
            world.command(Command.RESUME)
        case Turn.END:
            world.command(Command.STOP)
    assert steering.state is NEXT[state][turn]


@pytest.mark.parametrize("state", RecorderState)
def test_asking_how_it_stands_changes_nothing(world: World, state: RecorderState) -> None:
    world.in_state(state)
    world.command(Command.STATUS)
    world.command(Command.WATCH)
    assert world.steering.state is state


@pytest.mark.parametrize("state", [state for state in RecorderState if state is not RecorderState.STOPPING])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_every_state(world: World, state: RecorderState, number: signal.Signals) -> None:
    world.in_state(state).steering.catch(number, None)
    assert world.wait(0) == number.name.lower()


@pytest.mark.parametrize("state", [state for state in RecorderState if state is not RecorderState.STOPPING])
def test_the_file_stop_ends_it_within_a_second_in_every_state(world: World, state: RecorderState) -> None:
    world.in_state(state).steering.turn()
    world.stop_file.touch()
    assert world.wait(1) == "stop_file"


def test_the_file_stop_is_looked_for_once_a_second(world: World) -> None:
    world.steering.opened()
    world.wait(0)
    world.stop_file.touch()
    assert world.wait(0.5) is None


def test_the_first_reason_is_the_one_that_is_kept(world: World) -> None:
    world.command(Command.STOP)
    world.steering.catch(signal.SIGTERM, None)
    assert world.wait(0) == "stopped"


def test_its_time_is_up_after_so_much_was_recorded(world: World) -> None:
    world.steering.opened()
    assert world.wait(1199) is None
    assert world.wait(1) == "time_is_up"


def test_time_stands_still_while_it_is_paused(world: World) -> None:
    world.steering.opened()
    world.wait(600)
    world.command(Command.PAUSE)
    assert world.wait(1800) == PAUSED
    assert world.steering.seconds_left == 600


@pytest.mark.parametrize("state", [RecorderState.RECORDING, RecorderState.PAUSED])
def test_its_lease_ends_it(tmp_path: Path, state: RecorderState) -> None:
    world = World(tmp_path, seconds=10 * 3600).in_state(state)
    assert world.wait(3600) == "lease_ended"


def test_setting_the_clock_back_does_not_lengthen_a_lease(tmp_path: Path) -> None:
    world = World(tmp_path, seconds=10 * 3600).in_state(RecorderState.RECORDING)
    world.set_wall(-7200)
    assert world.wait(3600) == "lease_ended"


def test_setting_the_clock_forward_ends_a_lease(tmp_path: Path) -> None:
    world = World(tmp_path).in_state(RecorderState.RECORDING)
    world.set_wall(7200)
    assert world.wait(0) == "lease_ended"


def test_a_pause_has_no_end_by_itself(tmp_path: Path) -> None:
    world = World(tmp_path, lease_ms=100 * 24 * HOUR_MS).in_state(RecorderState.PAUSED)
    assert world.wait(99 * 24 * 3600) == PAUSED


def test_a_pause_that_is_over_is_announced_ten_seconds_before_it_ends(world: World) -> None:
    world.pause_for(1800)
    assert world.wait(1799) == PAUSED
    assert world.announced == 0
    assert world.wait(1) == PAUSED
    assert world.announced == 1
    assert world.wait(9) == PAUSED
    assert world.wait(1) is None
    assert (world.steering.state, world.announced, world.entries) == (RecorderState.STARTING, 1, 1)


def test_another_pause_after_the_announcement_keeps_it_paused(world: World) -> None:
    world.pause_for(60)
    world.wait(60)
    world.command(Command.PAUSE)
    assert world.wait(600) == PAUSED


def test_a_second_timed_pause_is_announced_again(world: World) -> None:
    world.pause_for(60)
    world.wait(60)
    world.command(Command.PAUSE, world.clock.wall_ms() + 60_000)
    world.wait(60)
    assert world.announced == 2
    assert world.steering.state is RecorderState.PAUSED


def test_where_nobody_can_be_told_it_stays_paused_and_says_why(world: World) -> None:
    world.listens = False
    world.pause_for(60)
    world.wait(60)
    assert world.wait(600) == PAUSED
    assert world.steering.paused_until_ms is None
    assert "optin resume" in world.steering.why


def test_setting_the_clock_forward_does_not_shorten_a_pause(world: World) -> None:
    world.pause_for(600)
    world.set_wall(700)
    assert world.wait(60) == PAUSED
    assert world.announced == 0


def test_setting_the_clock_back_does_not_shorten_a_pause(world: World) -> None:
    world.pause_for(600)
    world.set_wall(-700)
    world.wait(601)
    assert world.announced == 0


def test_a_resume_is_entered_before_it_happens(world: World) -> None:
    world.in_state(RecorderState.PAUSED)
    assert world.command(Command.RESUME) == ""
    assert (world.entries, world.steering.state) == (1, RecorderState.STARTING)


def test_a_resume_that_cannot_be_entered_does_not_happen(world: World) -> None:
    world.in_state(RecorderState.PAUSED).refuses = True
    assert "ledger" in world.command(Command.RESUME)
    assert world.wait(0) == PAUSED
    assert "ledger" in world.steering.why


@pytest.mark.parametrize("state", [RecorderState.STARTING, RecorderState.RECORDING])
def test_a_resume_where_nothing_is_paused_enters_nothing(world: World, state: RecorderState) -> None:
    assert world.in_state(state).command(Command.RESUME) == ""
    assert world.entries == 0


@pytest.mark.parametrize("command", [Command.PAUSE, Command.RESUME])
def test_a_recorder_that_ends_says_so_to_other_commands(world: World, command: Command) -> None:
    assert "ending" in world.in_state(RecorderState.STOPPING).command(command)
    assert world.steering.why == "stopped"


def test_a_pause_while_the_sources_are_being_opened_wins(world: World) -> None:
    world.steering.pause("no sign")
    world.steering.opened()
    assert world.wait(0) == PAUSED


NOW = datetime(2026, 3, 27, 23, 30)  # noqa: DTZ001  # a person's own clock has no zone


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("30m", datetime(2026, 3, 28, 0, 0)),  # noqa: DTZ001
        ("2h", datetime(2026, 3, 28, 1, 30)),  # noqa: DTZ001
        ("tomorrow", datetime(2026, 3, 28, 6, 0)),  # noqa: DTZ001
        ("Tomorrow ", datetime(2026, 3, 28, 6, 0)),  # noqa: DTZ001
    ],
)
def test_a_pause_ends_when_a_person_expects(text: str, end: datetime) -> None:
    assert pause_end(text, NOW) == int(end.timestamp() * 1000)


def test_tomorrow_after_midnight_is_the_next_calendar_day() -> None:
    after_midnight = datetime(2026, 3, 28, 1, 0)  # noqa: DTZ001
    assert pause_end("tomorrow", after_midnight) == int(datetime(2026, 3, 29, 6, 0).timestamp() * 1000)  # noqa: DTZ001


def test_until_resume_has_no_end() -> None:
    assert pause_end("until-resume", NOW) is None


@pytest.mark.parametrize("text", ["", "30", "m", "0m", "-5m", "3.5h", "8d", "999999m", "forever", "²m"])
def test_what_is_no_length_of_a_pause_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="pause"):
        pause_end(text, NOW)
