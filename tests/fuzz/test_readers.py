"""Whatever reads what somebody typed, uploaded or sent: it reads it or refuses it in its own words, and raises nothing else."""

import json
import zlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from app.clinic import criteria, exams, questionnaires
from app.clinic.backups import packing
from app.clinic.backups.shapes import Manifest
from app.clinic.exams import cells as exam_cells
from app.clinic.exams import columns as exam_columns
from app.clinic.patients.documents import DOCUMENTS, read_document, read_resident_id, recognised
from app.clinic.patients.phones import mask_name, mask_phone, read_phone, show_phone
from app.clinic.rosters import cells as roster_cells
from app.clinic.rosters import columns as roster_columns
from app.clinic.rosters import days
from app.core import hosts, sealing, servers, spreadsheets, text, typable
from app.core.errors import Invalid, Refusal
from app.core.forms import Field, bind, clean
from app.core.judging import Refused, judge
from app.routes.web import local_path
from tests.attachments.conftest import picture
from tests.fuzz.conftest import SLOW
from tests.fuzz.hostile import SHEETS, typed
from tests.house.routes import routes

TODAY = date(2026, 11, 23)
KEY = bytes(range(32))
some = settings(
    max_examples=3000 if SLOW else 40, database=None, deadline=None, derandomize=not SLOW,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
fewer = settings(some, max_examples=1000 if SLOW else 15)
raw = st.sampled_from(SHEETS) | st.binary(max_size=600)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | typed, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(typed, inner, max_size=3), max_leaves=8,
)


class Everything(msgspec.Struct, frozen=True):
    word: Annotated[str, Field(most=20)]
    whole: int
    part: float
    on: date
    at: datetime
    one: Literal["a", "b"]
    words: list[str]
    wholes: list[int]
    days: list[date] = []
    yes: bool = False
    maybe: Annotated[int | None, Field(lowest=0, highest=9)] = None


@some
@given(st.dictionaries(st.sampled_from(Everything.__struct_fields__), typed | st.lists(typed, max_size=3)))
def test_a_form_is_bound_or_says_where_it_is_wrong(given_: dict) -> None:
    form = bind(Everything, given_)
    assert form.ok or set(form.errors) <= set(Everything.__struct_fields__)


READERS: dict[str, Callable[[str], object]] = {
    "resident id": lambda one: read_resident_id(one, TODAY), "paper": recognised,
    **{f"{system}": lambda one, system=system: read_document(system, one, TODAY) for system in DOCUMENTS},
    "phone": read_phone, "masked name": mask_name, "masked phone": mask_phone, "shown phone": show_phone,
    "day of birth": lambda one: days.read_birth(one, None, TODAY), "orders of days": lambda one: days.orders_of(one, TODAY),
    "roster name": roster_cells.read_name, "roster age": roster_cells.age_of, "roster papers": lambda one: roster_cells.read_document(one, TODAY),
    "roster phones": roster_cells.read_phones, "roster relation": roster_cells.relation_in, "roster language": roster_cells.language_of, "roster sex": roster_cells.sex_of,
    "exam day": lambda one: [exam_cells.read_day(one, order) for order in (None, *exam_cells.date_orders(one))], "exam moment": lambda one: exam_cells.read_moment(one, None),
    "exam age": exam_cells.read_age, "exam sex": exam_cells.read_sex, "exam value": exam_cells.read_value, "heading": exam_columns.named, "roster heading": roster_columns.named,
    "criterion": criteria.parse, "questionnaire": questionnaires.read, "host": hosts.read, "machine": servers.parse, "host key": servers.is_host_key,
    "markdown": lambda one: text.clean_markdown(one[:2000]), "first line": text.plain_line, "key groups": lambda one: typable.read(one, 32), "way back": local_path,
    "cell": spreadsheets.harmless,
}


@pytest.mark.parametrize("name", READERS)
@settings(some, max_examples=3000 if SLOW else 30)
@given(one=typed)
def test_a_text_is_read_or_refused(name: str, one: str) -> None:
    for words in (one, clean(one)):
        try:
            READERS[name](words)
        except (Refusal, questionnaires.Unreadable):
            pass


@some
@given(typed)
def test_a_cleaned_text_has_no_element_of_its_own_and_a_harmless_cell_is_no_formula(one: str) -> None:
    assert "<script" not in text.clean_markdown(one[:2000]).lower() and " onload" not in text.clean_markdown(one[:2000]).replace("&", " ").partition("<")[2].partition(">")[0]
    assert not spreadsheets.harmless(one).lstrip().startswith(("=", "+", "-", "@"))


@some
@given(typed)
def test_a_way_back_leads_nowhere_else(one: str) -> None:
    back = local_path(one)
    assert back.startswith("/") and not back.startswith(("//", "/\\")) and "\\" not in back


@fewer
@given(raw)
def test_a_sheet_is_a_table_or_refused(content: bytes) -> None:
    try:
        table = exams.open_table(content)
        exam_columns.understand(table, {})
        assert all(len(row) == len(table.headers) for _line, row in table.rows())
        roster_columns.understand(roster_columns.open_list(content), {}, TODAY)
    except Refusal:
        pass


@fewer
@given(st.data())
def test_a_broken_workbook_is_refused(data: st.DataObject) -> None:
    content = bytearray(b"".join(spreadsheets.xlsx_pieces([["姓名", "体检日期"], ["王秀英", "2026-11-20"]], "x")))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    try:
        list(exams.open_table(bytes(content[: data.draw(st.integers(0, len(content)))])).rows())
    except Refusal:
        pass


@settings(fewer, max_examples=300 if SLOW else 3)
@given(st.data())
def test_a_picture_or_paper_is_judged_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([picture(), *SHEETS]) | st.binary(max_size=200)))
    for at in data.draw(st.lists(st.integers(0, max(0, len(content) - 1)), max_size=6)) if content else []:
        content[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "judged"
    path.write_bytes(content)
    try:
        judge(path)
    except Refused:
        pass


QUESTIONNAIRE = {
    "resourceType": "Questionnaire", "language": "en", "status": "draft", "title": "T", "item": [
        {"linkId": "q", "type": "choice", "text": "?", "answerOption": [{"valueCoding": {"code": "a", "display": "A"}}]},
        {"linkId": "r", "type": "decimal", "text": "?", "enableWhen": [{"question": "q", "operator": "=", "answerCoding": {"code": "a"}}]},
    ],
}


@some
@given(st.data())
def test_a_questionnaire_is_read_or_unreadable(data: st.DataObject) -> None:
    raw = json.loads(json.dumps(QUESTIONNAIRE))
    places = [raw, raw["item"], raw["item"][0], raw["item"][1], raw["item"][0]["answerOption"], raw["item"][1]["enableWhen"][0]]
    place = data.draw(st.sampled_from(places))
    name = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
    place[name] = data.draw(values)
    try:
        questionnaires.read(json.dumps(raw, default=str))
    except questionnaires.Unreadable:
        pass


@some
@given(st.text() | values.map(lambda one: json.dumps(one, default=str)))
def test_a_criterion_is_read_or_invalid(one: str) -> None:
    try:
        criteria.parse(one)
    except Invalid:
        pass


SEALED = b"".join(sealing.seal(KEY, [b"x" * 3000]))


@some
@given(st.data())
def test_a_sealed_stream_with_any_bit_changed_or_cut_is_refused(data: st.DataObject) -> None:
    changed = bytearray(SEALED[: data.draw(st.integers(0, len(SEALED)))])
    for at in data.draw(st.lists(st.integers(0, max(0, len(changed) - 1)), max_size=3)) if changed else []:
        changed[at] ^= 1 << data.draw(st.integers(0, 7))
    assume(bytes(changed) != SEALED)
    with pytest.raises((sealing.Damaged, sealing.WrongKey)):
        b"".join(sealing.unseal(KEY, [bytes(changed)]))


@some
@given(st.data())
def test_the_inside_of_a_backup_is_read_or_refused(data: st.DataObject) -> None:
    """Sealed by us, and yet not as we make it: another version, a mended file."""
    manifest = msgspec.json.encode(data.draw(st.from_type(Manifest)) if data.draw(st.booleans()) else data.draw(values.map(lambda one: json.loads(json.dumps(one, default=str)))))
    tar = b"".join(packing._entry(data.draw(st.sampled_from([packing.MANIFEST, "../x", "keys/../x"])), [manifest], len(manifest))) + bytes(1024)
    content = data.draw(st.sampled_from([zlib.compress(tar), tar, zlib.compress(tar)[:-5]]) | st.binary(max_size=300))
    try:
        packing.read_manifest(iter([content]))
    except Refusal:
        pass


@some
@given(st.lists(st.tuples(typed, typed), max_size=4), st.binary(max_size=80))
def test_no_cookie_and_no_token_is_a_mistake_of_ours(client: TestClient, cookies: list[tuple[str, str]], body: bytes) -> None:
    names = ("yihe_session", "yihe_tablet", "yihe_language", "__Host-yihe_session", "yihe_guest")
    header = "; ".join(f"{name}={value}" for name, (_other, value) in zip(names, cookies, strict=False)).encode(errors="ignore").replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
    for path in ("/", "/lock", "/fill", "/sign-in"):
        assert client.get(path, headers=[(b"cookie", header)], follow_redirects=False).status_code < 500
    multipart = {"content-type": "multipart/form-data; boundary=x"}
    for kind in (multipart, {"content-type": "multipart/form-data"}, {"content-type": "application/x-www-form-urlencoded"}):
        assert client.post("/sign-in", content=b"--x\r\n" + body, headers=kind, follow_redirects=False).status_code < 500
    assert routes(client.app)
