"""A block that is answered alone: what the page set outside it does not exist there."""

from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2] / "app" / "templates"


def test_a_block_answered_alone_relies_on_nothing_set_outside_it() -> None:
    reader = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    wrong = [f"{path.relative_to(ROOT)}: {told}" for path in sorted(ROOT.rglob("*.html")) for told in missing(reader.parse(path.read_text("utf-8")))]
    assert not wrong, "\n".join(wrong)


def test_the_trap_is_seen() -> None:
    page = "{% set here = 1 %}{% block alone scoped %}{{ here }}{% endblock %}{% block whole %}{{ here }}{% endblock %}"
    assert missing(Environment().parse(page)) == ["block alone uses here"]


def missing(page: nodes.Template) -> list[str]:
    """Only blocks marked `scoped` are sent by themselves."""
    everywhere = names(page, "store")
    return [
        f"block {block.name} uses {name}" for block in page.find_all(nodes.Block) if block.scoped
        for name in sorted((names(block, "load") & everywhere) - names(block, "store") - names(block, "param"))
    ]


def names(part: nodes.Node, use: str) -> set[str]:
    return {one.name for one in part.find_all(nodes.Name) if one.ctx == use}
