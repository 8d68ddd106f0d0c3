"""The list of parts: who listens, which pages there are, what runs beside them. main.py assembles them."""

from typing import Any

import msgspec

from app import tasks
from app.clinic import breakglass, cards, criteria, invitations, observations, patients, questionnaires, records, tags, work
from app.clinic.staff import keep_sent
from app.core import fhirpath
from app.core.access import May
from app.core.words import N_
from app.routes import assignments, attachments, banner, clinic, drafts, entering, filters, follow_up, households, items, lists, outputs
from app.routes import pathways, photos, recalls, roster_lines, rosters, rules, search, session, sitting
from app.routes import breakglass as emergencies
from app.routes import card_papers, card_types
from app.routes import cards as card_pages
from app.routes import codes, health_file
from app.routes import answering, response_papers
from app.routes import consulting, encounter_papers, encounters
from app.routes import catalogue as limits
from app.routes import completeness as missing
from app.routes import hello, network
from app.routes import exams as imports
from app.routes import merges, mistakes
from app.routes import observations as measured
from app.routes import patients as people
from app.routes import records as record_pages
from app.routes import responses as response_pages
from app.routes import rights
from app.routes import building, trial
from app.routes import figures as counted
from app.routes import scores, second_step
from app.routes import questionnaires as forms
from app.routes import entrance, install
from app.routes import backup, box
from app.routes import reports, reviews, setup, staff, timeline, tray, web
from app.routes import asked, askings, fill, guest_files, handing, screens
from app.routes import locks, tablets
from app.routes import tags as labels
from app.routes import work as today

WITHIN: list = [keep_sent, patients.keep_restricted, records.follow, observations.rejudge, observations.find, invitations.follow, criteria.answers.follow, tags.follow, work.follow, cards.follow]
PREPARE: list = [cards.seed, questionnaires.seed, tags.seed, criteria.answers.learn, work.learn]
PAGES = [
    setup, session, second_step, locks, tablets, staff, drafts, clinic, box, today, items, pathways, follow_up, recalls, measured, entering, limits, photos,
    lists, sitting, filters, outputs, assignments, people, merges, mistakes, search, timeline, households, missing, card_pages, card_papers, card_types, record_pages, health_file, codes, attachments, reviews, rights, emergencies,
    response_pages, answering, response_papers, encounters, consulting, encounter_papers, asked, askings, fill, screens, guest_files, handing,
    scores, counted,
    entrance, install,
    backup,
    reports, network, hello, imports, tray, rosters, roster_lines, labels, rules, forms, building, trial,
]
HANDLERS = [handler for pages in PAGES for handler in pages.handlers]
web.frame_values |= {"banner": banner.for_pages, "bell": lambda db, actor: work.unseen(db, actor) + breakglass.waiting(db, actor), "glass": breakglass.waiting}
web.frame_values |= {
    "kept": attachments.kept, "kept_with_results": attachments.kept_with_results, "taking": reviews.taking, "taken": reviews.taken,
}


class Door(msgspec.Struct, frozen=True):
    """A way from Manage to a page: words' ids, shown to those who may."""

    path: str
    icon: str
    name: str
    what: str
    needs: May


class Place(msgspec.Struct, frozen=True):
    """One of the places of the rail; name as web.here() gives it."""

    name: str
    path: str
    icon: str
    label: str
    needs: May


PLACES = [
    Place("today", "/today", "list-checks", N_("Today"), May.DO_WORK),
    Place("patients", "/patients", "users-round", N_("Patients"), May.FIND_PATIENTS),
    Place("reports", "/reports", "file-text", N_("Reports"), May.SEE_CLINICAL),
    Place("manage", "/manage", "sliders-horizontal", N_("Manage"), May.SIGNED_IN),
]
DOORS = [
    Door("/account", "user", N_("My account"), N_("Password, PIN, code from the phone, signed-in devices"), May.SIGNED_IN),
    Door("/manage/staff", "users", N_("Staff"), N_("Who works here, roles, devices"), May.MANAGE_STAFF),
    Door("/manage/tablets", "tablet", N_("Tablets"), N_("The clinic's own tablets: enrolled, lost, and when a screen locks"), May.MANAGE_CLINIC),
    Door("/manage/clinic", "house", N_("The clinic"), N_("Name, address, phone, logo"), May.MANAGE_CLINIC),
    Door("/manage/indicators", "gauge", N_("Indicators"), N_("Ranges, their sources, the clinic's own limits"), May.MAKE_RULES),
    Door("/manage/network", "network", N_("Network"), N_("How tablets reach Yihe, a new device's first visit, the name on the network"), May.MANAGE_CLINIC),
    Door("/manage/rules", "tags", N_("Tag rules"), N_("When tags set themselves, and for whom"), May.SEE_CLINICAL),
    Door("/manage/questionnaires", "clipboard-list", N_("Questionnaires"), N_("What may be asked: the library, and building one's own"), May.BUILD_FORMS),
    Door("/manage/entrance", "smartphone", N_("Patients' entrance"), N_("Questionnaires on people's own phones, and nothing else"), May.MANAGE_CLINIC),
    Door("/manage/card-types", "id-card", N_("Card types"), N_("Names, prices, how long they are valid"), May.MANAGE_CLINIC),
    Door("/manage/imports", "upload", N_("Results from files"), N_("Examination centres' and laboratories' files, and what waits in the tray"), May.IMPORT),
    Door("/manage/rosters", "users-round", N_("People from lists"), N_("An old Excel list becomes registered people, each once"), May.IMPORT),
    Door("/askings", "clipboard-list", N_("Questionnaires given out"), N_("To a tag or a list: who has it, who began, who is done"), May.SEE_CLINICAL),
    Door("/manage/pathways", "route", N_("Pathways"), N_("Who must do what by when, sources, the clinic's own intervals"), May.MAKE_RULES),
    Door("/duplicates", "users-round", N_("Registered twice?"), N_("Two records of one person: compared, joined, made two again"), May.REGISTER),
    Door("/manage/backup", "hard-drive", N_("Backup"), N_("When the last proved one was, where they go, the recovery sheet"), May.MANAGE_CLINIC),
    Door("/manage/breakglass", "lock-open", N_("Emergency access"), N_("Sensitive entries that somebody opened for an hour, and why"), May.SEE_AUDIT),
    Door("/manage/health", "server", N_("The box"), N_("Its disk, its clock, and whether the clinic's file is whole"), May.MANAGE_CLINIC),
    Door("/manage/audit", "scroll-text", N_("Audit"), N_("Every change, who made it and why"), May.SEE_AUDIT),
]


def template_globals() -> dict[str, Any]:
    return {"doors": lambda: DOORS, "places": lambda: PLACES, "show_phone": patients.show_phone, "mask_name": patients.mask_name}


def start_tasks(state: Any) -> tasks.Running:
    fhirpath.warm()
    return tasks.start(state)


def stop_tasks(running: tasks.Running) -> None:
    tasks.stop(running)
