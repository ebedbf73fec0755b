"""The site serves its pages by host name, believes reports of pages, and keeps ids instead of texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from optin.demo.finder import Finder
from optin.demo.planted import Channel, Page, Planted, by_id, plant
from optin.demo.site import HOSTS, DemoSite, DropdownChoice, MenuChoice, PageSilent


@pytest.fixture
def site(planted: tuple[Planted, ...]) -> Iterator[DemoSite]:
    with DemoSite(planted) as site:
        yield site


def test_each_value_stands_on_its_own_page_and_no_other(site: DemoSite, planted: tuple[Planted, ...]) -> None:
    standing = {(secret.id, page) for page in HOSTS for secret in planted if f'"{secret.id}"' in site.render(page)}
    assert standing == {(secret.id, secret.page) for secret in planted if secret.channel is Channel.SCREEN}


def test_pages_hold_nothing_of_the_table_but_what_was_planted_there(planted: tuple[Planted, ...]) -> None:
    fresh = DemoSite(tuple(_hollow(secret) for secret in planted))
    with fresh, Finder(planted) as finder:
        assert not finder.in_text("".join(fresh.render(page) for page in HOSTS))


def test_a_page_is_served_at_its_host(site: DemoSite) -> None:
    assert _get(site, host="crm.localhost", path="/account").status == 200


def test_a_page_is_not_served_at_another_host(site: DemoSite) -> None:
    assert _get(site, host="expenses.localhost", path="/account").status == 404


def test_no_other_file_is_served(site: DemoSite) -> None:
    assert _get(site, host="crm.localhost", path="/../site.py").status == 404


def test_it_listens_on_the_loopback_interface_only(site: DemoSite) -> None:
    assert site._server.server_address[0] == "127.0.0.1"


def test_a_report_tells_which_values_are_shown(site: DemoSite) -> None:
    _post(site, _view(shown=["case-drug"]))
    assert site.facts().shown == {"case-drug"}


def test_a_report_of_a_page_that_was_left_changes_nothing(site: DemoSite) -> None:
    _post(site, _view(page="case", born=2.0))
    _post(site, _view(page="account", born=1.0))
    assert site.facts().arrivals == (Page.CASE,)


def test_widgets_lie_where_the_page_lies_on_the_screen(site: DemoSite) -> None:
    _post(site, _view(offset=[10, 90], widgets={"save": [5, 6, 20, 10]}))
    view = site.view()
    assert view is not None
    assert view.widgets["save"].centre == (25, 101)


def test_a_menu_choice_is_noted(site: DemoSite) -> None:
    _post(site, _report("menu", path=["File", "Save"]))
    assert site.facts().menu_choices == (MenuChoice("chromium", ("File", "Save")),)


def test_an_option_is_noted(site: DemoSite) -> None:
    _post(site, _report("dropdown", name="category", option="Meals"))
    assert site.facts().dropdown_choices == (DropdownChoice(Page.CASE, "category", "Meals"),)


def test_of_a_typed_value_only_the_id_is_kept(site: DemoSite, planted: tuple[Planted, ...], finder: Finder) -> None:
    _post(site, _report("typed", field="password", text=by_id(planted, "signin-password").value))
    assert site.facts().typed == {"signin-password"}
    assert not finder.in_text(repr(site.facts()))


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"page": "nowhere", "offset": null}'])
def test_what_is_not_a_report_is_refused(site: DemoSite, body: str) -> None:
    assert _send(site, body).status == 400


def test_waiting_for_what_does_not_happen_ends_with_an_error(site: DemoSite) -> None:
    with pytest.raises(PageSilent, match="a page that never opens"):
        site.wait_for(lambda: False, what="a page that never opens", seconds=0.1)


def _hollow(secret: Planted) -> Planted:
    return Planted(secret.id, "-", secret.category, secret.page, secret.channel)


def _report(kind: str, **more: object) -> dict[str, object]:
    return {"page": "case", "born": 1.0, "offset": None, "kind": kind, **more}


def _view(**more: object) -> dict[str, object]:
    return {**_report("view"), "shown": [], "widgets": {}, "scrolled": 0, **more}


def _post(site: DemoSite, report: dict[str, object]) -> None:
    assert _send(site, json.dumps(report)).status == 200


def _send(site: DemoSite, body: str) -> HTTPResponse:
    return _ask(site, "POST", "/truth", host="crm.localhost", body=body)


def _get(site: DemoSite, *, host: str, path: str) -> HTTPResponse:
    return _ask(site, "GET", path, host=host, body=None)


def _ask(site: DemoSite, method: str, path: str, *, host: str, body: str | None) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=5)
    connection.request(method, path, body=body, headers={"Host": f"{host}:{site.port}", "Connection": "close"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_the_table_of_another_seed_fills_the_same_pages() -> None:
    site = DemoSite(plant(99))
    with site:
        assert "[[" not in "".join(site.render(page) for page in HOSTS)
