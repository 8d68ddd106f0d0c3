"""What a question of a questionnaire can be mapped to: something measured, or a field of the record."""

from app.clinic import catalogue, records
from app.core.words import _

Groups = list[tuple[str, list[tuple[str, str]]]]


def indicators() -> Groups:
    """By category: (code, name with its unit)."""
    groups: dict[str, list[tuple[str, str]]] = {category.code: [] for category in catalogue.categories().values()}
    for one in catalogue.indicators().values():
        if not one.in_words:
            groups[one.category].append((one.code, f"{one.name} ({one.printed})" if one.printed else one.name))
    return [(catalogue.categories()[code].name, found) for code, found in groups.items() if found]


def record_fields() -> Groups:
    """By section: (section.field, what it is called)."""
    return [
        (_(section.title), [(f"{section.id}.{name}", section.label(name)) for name in section.content]) for section in records.SECTIONS.values()
    ]
