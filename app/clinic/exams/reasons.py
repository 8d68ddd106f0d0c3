"""Why something lies in the tray, in the words of who has to settle it."""

import msgspec

from app.core.words import N_


class Reason(msgspec.Struct, frozen=True):
    """Why something lies in the tray. title, why, otherwise: words' ids; otherwise: what happens if nobody acts."""

    title: str
    why: str
    otherwise: str = N_("The results stay here and go into nobody's record.")


REASONS: dict[str, Reason] = {
    "unknown_person": Reason(
        N_("Nobody here has this number"),
        N_("Results are filed by ID number, card or the sender's own number only, and none of these is known here. A name is never enough."),
    ),
    "restricted": Reason(
        N_("This person asked that their data not be used"),
        N_("While the restriction stands nothing is filed. When it is lifted, the results can be filed from here."),
    ),
    "no_identifier": Reason(
        N_("No number on the line says whose it is"),
        N_("It has no ID number, no card number and no number of the sender's. A name is never enough."),
    ),
    "bad_document": Reason(
        N_("The ID number cannot be right"),
        N_("Its check character, its date or its length does not fit: it was probably miscopied."),
    ),
    "several_people": Reason(
        N_("The numbers in this line belong to different people"),
        N_("One number leads to one person, another number to somebody else."),
    ),
    "contradicts": Reason(
        N_("The number is known, but the person is different"),
        N_("Sex, age or name in this line do not fit the person who has this number. Perhaps the number was given out twice."),
    ),
    "looks_like": Reason(
        N_("Somebody with this name and birth date is registered already"),
        N_("Registering them again could make two records of one person; filing by name could hit the wrong one."),
    ),
    "no_date": Reason(
        N_("The day of the examination is missing or unreadable"), N_("A result without a day cannot be placed."),
    ),
    "impossible_date": Reason(
        N_("The day of the examination cannot be right"), N_("It lies in the future or before 1900."),
    ),
    "unknown_column": Reason(
        N_("Nobody has said yet what this column is"),
        N_("No indicator is known under this heading. Nothing is guessed, and nothing is thrown away."),
    ),
    "implausible": Reason(
        N_("No person can have this value"),
        N_("It lies outside what is possible. Perhaps a decimal point or the unit is wrong; we never change a laboratory's number."),
    ),
    "unit": Reason(
        N_("The unit is not known"), N_("Without its unit the number could mean something else."),
    ),
    "words": Reason(
        N_("Words where a number belongs"), N_("This indicator is a number, and the cell says something we cannot read as one."),
    ),
    "formula": Reason(
        N_("A formula without its result"), N_("The file holds only the formula of this cell. Open it in Excel, save it, and send it again."),
    ),
    "differs": Reason(
        N_("This sender reported something else for the same day"),
        N_("There is a result of this indicator and this day from this sender already, with another value."),
    ),
}
