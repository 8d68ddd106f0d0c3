import pytest
from msgspec.structs import replace

from app.clinic import patients


@pytest.fixture
def busy(db, who, wang) -> int:
    """A person with 60 changes of address."""
    for n in range(60):
        seen = patients.as_new(db, patients.get(db, wang))
        patients.edit(db, who("desk"), wang, n + 1, replace(seen, address=f"和平里 {n} 号 2"))
    return wang


def test_the_timeline_pages_through_everything_once(db, who, busy) -> None:
    seen, before = [], None
    while page := patients.timeline(db, who("doctor"), busy, before=before, limit=25):
        seen += [entry.id for entry in page]
        before = page[-1].id
    assert len(seen) == db.value("SELECT count(*) FROM events WHERE patient_id = :id", id=busy) > 60
    assert seen == sorted(set(seen), reverse=True)


def test_it_is_filtered_by_kind(db, who, busy) -> None:
    assert len(patients.timeline(db, who("doctor"), busy, group="identity", limit=100)) == 61
    assert patients.timeline(db, who("doctor"), busy, group="record", limit=100) == []
    assert patients.timeline(db, who("doctor"), busy, group="nonsense", limit=100) == []


def test_reception_is_offered_no_clinical_filter(db, who) -> None:
    assert "record" in patients.groups(who("doctor"))
    assert set(patients.groups(who("desk"))) <= {"identity", "followup"}
