"""Every sentence exists in both languages, is used, and fits its place."""

import re
from pathlib import Path
from string import Formatter

from geo_service.web import messages

WEB = Path(messages.__file__).parent
SOURCES = [*WEB.rglob("*.html"), *(path for path in WEB.rglob("*.py") if "messages" not in path.name)]
# Keys whose last part comes from the data: a language, a status, a type of a field, a parameter.
MADE = (
    "access.is.",
    "direction.",
    "language.",
    "error.",
    "api.type.",
    "api.filter.",
    "api.filter.bbox.",
    "access.",
    "api.definition.in.",
    "filter.",
    "profiles.column.",
    "profiles.export.",
    "qgis.first.",
    "qgis.picture.",
    "qgis.caption.",
    "qgis.versions.",
)
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def placeholders(sentence):
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)


def test_every_sentence_that_is_used_is_written_in_both_languages():
    used = set(re.findall(r'\bt\(\s*"([^"]+)"', CODE)) - set(MADE)
    used |= set(re.findall(r'\btext\(\s*"([^"]+)"', CODE))
    assert len(used) > 60
    assert used <= set(messages.MESSAGES)
    for key, message in messages.MESSAGES.items():
        assert message.de.strip(), key
        assert message.en.strip(), key
        assert placeholders(message.de) == placeholders(message.en), key


def test_every_sentence_is_used():
    unused = [
        key
        for key in messages.MESSAGES
        if not re.search(f"[\"']{re.escape(key)}[\"']", CODE) and not key.startswith(MADE)
    ]
    assert not unused


def test_no_template_holds_german_or_english_of_its_own():
    templates = list(WEB.rglob("*.html"))
    assert len(templates) > 40
    for path in templates:
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", " ", text)
        text = re.sub(r"map-page|\bha\b|DE|EN", "", text)
        assert not re.search(r"[A-Za-zÄÖÜäöüß]{3,}", text), f"{path.name}: {text.split()}"


def _with_imports(name):
    """Name a script and all that it imports."""
    names = [name]
    for one in names:
        script = (WEB / "static" / "js" / one).read_text(encoding="utf-8")
        names += [other for other in re.findall(r'from "\./([a-z-]+\.js)"', script) if other not in names]
    return names


def test_the_map_scripts_use_the_texts_that_their_pages_give_them():
    from geo_service.web.api_pages.renderer import SCRIPT_TEXTS
    from geo_service.web.embed import _SCRIPT_TEXTS as EMBED_TEXTS
    from geo_service.web.map_page import _SCRIPT_TEXTS
    from geo_service.web.overlap_page import SCRIPT_TEXTS as DRAW_TEXTS

    scripts = {
        tuple(_with_imports("map.js")): {key.partition(".")[2] for key in _SCRIPT_TEXTS},
        tuple(_with_imports("api-map.js")): {key.rpartition(".")[2] for key in SCRIPT_TEXTS},
    }
    scripts[tuple(_with_imports("embed.js"))] = {key.partition(".")[2] for key in EMBED_TEXTS}
    scripts[tuple(_with_imports("draw.js"))] = {key.partition(".")[2] for key in DRAW_TEXTS}
    for names, given in scripts.items():
        script = "\n".join((WEB / "static" / "js" / name).read_text(encoding="utf-8") for name in names)
        used = set(re.findall(r"\btexts\.([a-z_]+)", script)) | set(
            re.findall(r'texts\["([a-z_.]+)"\]', script)
        )
        assert used == given != set()
