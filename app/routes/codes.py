"""Looking an illness up among the common ICD-10 codes, from the field where it is typed or on a page of its own."""

from typing import Annotated

from litestar.params import QueryParameter

from app.clinic import records
from app.core.access import May
from app.routes.web import Page, get, page


@get("/codes", needs=May.SEE_CLINICAL)
def index(
    q: Annotated[str, QueryParameter(name="q")] = "", text: Annotated[str, QueryParameter(name="text")] = ""
) -> Page:
    """q on the page; text from a form's field."""
    asked = (q or text).strip()
    return page("codes/index.html", "code-hits", q=asked, hits=records.search_codes(asked), catalogue=records.code_catalogue())


handlers = [index]
