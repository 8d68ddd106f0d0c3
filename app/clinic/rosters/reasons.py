"""Why a line waits, or why a cell was not taken over: what is said to a person."""

from app.core.words import N_

LINES = {
    "nobody": N_("No name and no number: perhaps a sum or a remark"),
    "nameless": N_("A number, but no name"),
    "formula": N_("The name is a formula without a result"),
    "gone": N_("Whom it was about is not here any more"),
    "restricted": N_("This person asked that their data not be used: nothing is added to what is kept"),
    "refused": N_("It could not be taken over as it is, something here changed meanwhile: please decide again"),
}
CELLS = {
    "name": N_("This is no name"),
    "brackets": N_("What stands in brackets was not taken into the name"),
    "sex": N_("This is no sex we know"),
    "birth": N_("This is no day on which somebody can have been born"),
    "order": N_("Does the day or the month stand first?"),
    "two_digits": N_("The year has two digits: the century, or the order, is not clear"),
    "lunar": N_("A day of the lunar calendar; nothing is converted by guess"),
    "age": N_("This is no age"),
    "age_of_no_day": N_("An age without a day says no year of birth"),
    "not_as_document": N_("The ID number says otherwise; what it says was taken"),
    "document": N_("No valid ID number: a digit is wrong or missing"),
    "excel_document": N_("The spreadsheet has lost the last digits of this ID number"),
    "document_kind": N_("A kind of document that is not kept here"),
    "phone": N_("Not all of this is a phone number"),
    "nameless_contact": N_("A phone number without a name"),
    "language": N_("This is no language of the house"),
    "staff": N_("Nobody who works here is called so"),
    "holder": N_("This number belongs to somebody else already"),
    "differs": N_("Something else stands here already; it was kept"),
}
