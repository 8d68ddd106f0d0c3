"""A card on paper: the true size, both faces, the person's language, every character drawn."""

import io

import pytest
from pypdf import PdfReader

from app.clinic import cards, patients
from app.core import pdf, settings
from tests.cards.conftest import FAMILY

LONG = "Margaret Theodora Featherstonehaugh-Cholmondeley of Llanfair"  # as long as a name may be
SIZES = {"print": (85.6, 54.0, 2), "sticker": (50.0, 30.0, 1), "letter": (210.0, 297.0, 1)}


def card(db, who, name: str, language: str) -> tuple[patients.Patient, cards.Card]:
    kind = cards.add_type(db, None, FAMILY)
    wang = patients.register(db, who("desk"), patients.NewPatient(name, language=language))
    id = cards.open_card(db, who("desk"), wang, kind)
    for other in ("王小明", "Li Wei"):
        cards.add_person(db, who("desk"), wang, id, patients.register(db, who("desk"), patients.NewPatient(other)))
    return patients.get(db, wang), cards.current(db, wang)


def drawn(db, who, which: str, name: str, language: str) -> PdfReader:
    patient, held = card(db, who, name, language)
    out = pdf.draw(cards.document(cards.paper(db, patient, held, pictures=True), which))
    assert not out.missing
    return PdfReader(io.BytesIO(out.content))


@pytest.mark.parametrize("which", cards.PAPERS)
@pytest.mark.parametrize(("name", "language"), [("王秀英", "zh"), (LONG, "en"), ("王" * 60, "zh")], ids=["short", "latin", "chinese"])
def test_a_page_is_as_large_as_the_thing_and_nothing_runs_over(db, who, which, name, language) -> None:
    settings.put(db, None, clinic_name="和平里社区卫生服务中心健康管理门诊部", clinic_address="历下区和平里东街 12 号楼 3 单元一层")
    width, height, pages = SIZES[which]
    read = drawn(db, who, which, name, language)
    sizes = [(float(page.mediabox.width) / 72 * 25.4, float(page.mediabox.height) / 72 * 25.4) for page in read.pages]
    assert sizes == [pytest.approx((width, height), abs=0.05)] * pages


def test_both_faces_say_what_a_card_must(db, who) -> None:
    front, back = (page.extract_text() for page in drawn(db, who, "print", "王秀英", "zh").pages)
    for said in ("和平里诊所", "家庭卡", "王秀英", "8000 0011", "有效期至"):
        assert said in front
    assert "随访电话" in back and "拾到" in back and "王小明" in back


@pytest.mark.parametrize(("language", "words"), [
    ("zh", ("王秀英，欢迎您", "上门护理", "价目表", "¥ 680.50", "最多 3 人使用")),
    ("en", ("Welcome, 王秀英", "Home nursing", "Price list", "¥ 680.50", "for up to 3 people")),
])
def test_the_letter_is_in_the_persons_language_with_the_price_list(db, who, language, words) -> None:
    text = drawn(db, who, "letter", "王秀英", language).pages[0].extract_text().replace("\u00a0", " ")
    for said in words:
        assert said in text


@pytest.mark.parametrize("which", cards.PAPERS)
def test_the_browsers_page_says_the_same_and_nothing_of_the_record(client, who, sign_in, which) -> None:
    db = client.app.state.db
    patient, held = card(db, who, "王秀英", "en")
    page = sign_in("desk").get(f"/patients/{patient.id}/cards/{held.id}/{which}")
    assert page.status_code == 200 and held.shown in page.text and "王秀英" in page.text
    assert "banner" not in page.text and 'lang="en"' in page.text
    pdf_file = sign_in("desk").get(f"/patients/{patient.id}/cards/{held.id}/{which}.pdf")
    assert pdf_file.headers["content-type"] == "application/pdf" and pdf_file.content.startswith(b"%PDF")
    assert sign_in("reader").get(f"/patients/{patient.id}/cards/{held.id}/{which}").status_code == 403
