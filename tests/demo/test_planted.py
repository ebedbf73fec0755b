"""Planted values are made up, distinct, and numerous enough on both sides of the fence."""

from __future__ import annotations

from itertools import permutations

import pytest

from optin.demo.needles import is_near, needles_of, squashed
from optin.demo.planted import Channel, Page, Planted, by_id, plant
from redaction.spans import Category

SEEDS = (0, 7, 20, 2026)


def test_the_same_seed_plants_the_same_values() -> None:
    assert plant(7) == plant(7)


def test_another_seed_plants_other_values() -> None:
    assert {secret.value for secret in plant(7)}.isdisjoint(
        secret.value for secret in plant(8) if secret.category is Category.SECRET
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_value_could_be_mistaken_for_another(seed: int) -> None:
    whole = [needle for needle in needles_of(plant(seed)) if needle.text in _forms(plant(seed))]
    assert not [
        (one.id, other.id) for one, other in permutations(whole, 2) if is_near(one.folded, other.folded, one.errors)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_value_is_too_long_to_turn_up_by_chance(seed: int) -> None:
    assert min(len(form) for form in _forms(plant(seed))) >= 8


def test_ids_are_unique(planted: tuple[Planted, ...]) -> None:
    assert len({secret.id for secret in planted}) == len(planted)


@pytest.mark.parametrize("allowed", [pytest.param(True, id="allowed"), pytest.param(False, id="denied")])
def test_about_two_dozen_values_stand_on_each_side(planted: tuple[Planted, ...], allowed: bool) -> None:  # noqa: FBT001
    assert sum(secret.allowed is allowed for secret in planted) >= 24


def test_every_category_stands_on_a_page_that_may_be_captured(planted: tuple[Planted, ...]) -> None:
    assert {secret.category for secret in planted if secret.allowed} == set(Category) - {Category.UNKNOWN}


def test_a_password_is_typed_on_a_page_that_may_be_captured(planted: tuple[Planted, ...]) -> None:
    assert [secret.page for secret in planted if secret.channel is Channel.PASSWORD] == [Page.SIGN_IN]


def test_card_numbers_have_a_valid_check_digit(planted: tuple[Planted, ...]) -> None:
    digits = [int(digit) for digit in squashed(by_id(planted, "report-card").value)]
    assert sum(digits[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[::2]) in range(0, 200, 10)


def test_an_unknown_id_is_an_error(planted: tuple[Planted, ...]) -> None:
    with pytest.raises(KeyError):
        by_id(planted, "no-such-value")


def _forms(planted: tuple[Planted, ...]) -> frozenset[str]:
    return frozenset(squashed(secret.value) for secret in planted)
