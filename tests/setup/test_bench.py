"""The bench measures what it says: the house's own SQL on the floor, and a missed aim is called so."""

from datetime import date

from app.clinic import patients
from app.clinic.patients import NewPatient
from app.main import open_clinic
from bench.measures import measures, sign_in, statements
from bench.table import Line, table


def test_the_floor_gets_the_sql_each_page_runs(folder):
    db = open_clinic(folder)
    for n in range(12):
        patients.register(db, None, NewPatient(f"王秀{n}", "female", date(1950, 1, 1), phones=(f"1000000{n:04d}",)))
    token = sign_in(db)[0]
    names = {one.code for one in measures(db)}
    db.close()
    told = statements(folder, token)
    assert set(told) == names
    assert all(any(sql.lstrip().startswith(("SELECT", "WITH")) for sql in page) for pages in told.values() for page in pages)
    assert not any("FROM sessions" in sql for pages in told.values() for page in pages for sql in page)
    assert any("patient_keys" in sql and "王" in sql for sql in told["one"][0])


def test_an_aim_is_met_or_missed():
    lines = [Line("quick", 2.0, 2, 1.0), Line("slow", 2.1, 2, 1.0), Line("big", 151, 150, None), Line("told", 9, None, None)]
    assert [one.missed for one in lines] == [False, True, True, False]
    assert table(lines).endswith("Missed: slow; big.")
    assert table(lines[:1]).endswith("Every aim is met.")
