"""The clinic as an app on a tablet's home screen: its name, its icons, without a browser's bars around it."""

from litestar.params import FromPath

from app.core import settings, words
from app.core.access import May
from app.core.errors import NotFound
from app.core.words import _
from app.routes.web import Page, TheDb, get

GROUND = "#f3eee3"  # --paper of static/css/tokens.css, behind the icon while it opens
ICONS = [(f"{purpose}-{size}.png", f"{size}x{size}", purpose) for purpose in ("any", "maskable") for size in (192, 512)]


@get("/manifest/{language:str}", needs=May.ANYONE)
def show(db: TheDb, language: FromPath[str]) -> Page:
    """Asked for by browsers without a cookie; so its address says the language, and it holds only what the sign-in page shows."""
    if language not in words.LANGUAGES:
        raise NotFound()
    words.speak(language)
    name = settings.get(db, "clinic_name") or _("Yihe")
    return Page(
        template_name="frame/manifest.json", media_type="application/manifest+json",
        context={"manifest": {
            "id": "/", "start_url": "/today", "scope": "/", "name": name, "short_name": name if len(name) <= 12 else _("Yihe"),
            "lang": "zh-CN" if language == "zh" else "en", "display": "standalone", "background_color": GROUND, "theme_color": GROUND,
        }, "icons": ICONS},
    )


handlers = [show]
