"""An entry of any section with its required fields and one more, made from what the section says it holds."""

from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from app.clinic import records


def entry_of(section: records.Section) -> msgspec.Struct:
    return section.new(**{name: _some(hint) for name, hint in get_type_hints(section.new, include_extras=True).items() if name in section.content})


def _some(hint: Any) -> Any:
    least = next((extra.lowest for extra in getattr(hint, "__metadata__", ()) if extra.lowest), 0)
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) is Literal:
        return [one for one in get_args(hint) if one][0]
    if get_origin(hint) is list:
        return [_some(get_args(hint)[0])]
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    return {str: "2016", int: int(least) + 1, float: least + 1.0, bool: False}.get(kinds[0])
