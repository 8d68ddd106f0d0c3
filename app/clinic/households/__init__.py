"""Households and families: who lives with whom, how people are related, and what runs in the family.

A person lives in at most one household at a time. How two people are related is told once and read from
both sides. What a parent, sibling or child has, of the illnesses the official form asks about, is offered as
family history and becomes it only when somebody confirms it.
"""

from app.clinic.households.actions import come_back, connect, end, leave, put_back, relate
from app.clinic.households.answering import confirm, decline, offer_again
from app.clinic.households.hereditary import ILLNESSES, SOURCE, Declined, Illness, Offer, declined, offers
from app.clinic.households.queries import Family, Household, Member, Past, Tie, between, family, household, named, past
from app.clinic.households.relations import RELATIONS, Relation, relation_name

__all__ = [
    "ILLNESSES", "RELATIONS", "SOURCE", "Declined", "Family", "Household", "Illness", "Member", "Offer", "Past", "Relation", "Tie",
    "between", "come_back", "confirm", "connect", "decline", "declined", "end", "family", "household", "leave", "named", "offer_again",
    "offers", "past", "put_back", "relate", "relation_name",
]
