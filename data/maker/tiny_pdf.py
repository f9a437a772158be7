"""Write a one-page PDF (ISO 32000-1) in the standard font Helvetica: no dependency, always the same bytes."""

from __future__ import annotations

import textwrap

A4 = (595, 842)
LEFT, TOP, LEADING = 62, 770, 16
CHARACTERS_PER_LINE = 84  # Helvetica of 11 points takes about 5.4 points per character of German text


def _text(text: str) -> bytes:
    """Write `text` as a string operand in WinAnsiEncoding, which has the umlauts and the dashes."""
    raw = text.encode("cp1252")
    return b"(" + raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _information(text: str) -> bytes:
    """Write `text` for the document's information (7.9.2.2: UTF-16BE with a byte order mark)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def _line(font: str, size: int, y: int, text: str) -> bytes:
    return b"BT /%s %d Tf %d %d Td %s Tj ET\n" % (font.encode(), size, LEFT, y, _text(text))


def _page(title: str, notice: str, paragraphs: list[str]) -> bytes:
    """Return the content stream: a ruled notice, the title, the paragraphs, the notice again at the foot."""
    content = _line("F2", 10, TOP + 18, notice)
    content += b"0.6 w %d %d m %d %d l S\n" % (LEFT, TOP + 8, A4[0] - LEFT, TOP + 8)
    y = TOP - 22
    for line in textwrap.wrap(title, 46):
        content += _line("F2", 18, y, line)
        y -= 24
    y -= 8
    for paragraph in paragraphs:
        for line in textwrap.wrap(paragraph, CHARACTERS_PER_LINE):
            content += _line("F1", 11, y, line)
            y -= LEADING
        y -= LEADING // 2
    if y < 70:
        raise ValueError(f"{title!r} does not fit on one page")
    return content + _line("F1", 9, 44, notice)


def make_pdf(title: str, language: str, notice: str, paragraphs: list[str]) -> bytes:
    """Return a PDF 1.7 with document title and language set, so that screen readers announce both.

    Parameters
    ----------
    title : str
        Heading and ``/Title``.
    language : str
        ``de`` or ``en`` (``/Lang``).
    notice : str
        One line at the head and the foot of the page.
    paragraphs : list of str
        Plain text; wrapped here. Characters outside Windows-1252 raise UnicodeEncodeError.
    """
    content = _page(title, notice, paragraphs)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>"
        % language.encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%sendstream" % (len(content), content),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title %s /Subject %s >>" % (_information(title), _information(notice)),
    ]
    output = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(output))
        output += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(output)
    output += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        output += b"%010d 00000 n \n" % offset
    output += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(output)
