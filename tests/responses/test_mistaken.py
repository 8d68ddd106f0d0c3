"""Answers that were another person's are struck out and filed with the right one, as they were given."""

from app.clinic import observations, patients, responses
from tests.responses.test_sitting import completed, open_one  # noqa: F401


def test_filed_again_with_the_right_person(db, who, wang, open_one) -> None:  # noqa: F811
    old = completed(db, who("nurse"), open_one)
    right = patients.get(db, patients.register(db, who("desk"), patients.NewPatient("李建国", sex="male")))
    responses.withdraw(db, who("nurse"), wang.id, old.id, "another person's")
    again = responses.get(db, responses.file_again(db, who("nurse"), right, old))
    assert (again.patient_id, again.completed_at, again.code) == (right.id, old.completed_at, old.code)
    assert [row.words for row in responses.answers(db, again.id)] == [row.words for row in responses.answers(db, old.id)]
    assert [value.value for value in observations.series(db, right.id, "WEIGHT")] == [61.5]
    assert not observations.series(db, wang.id, "WEIGHT")
