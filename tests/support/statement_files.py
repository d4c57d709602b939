"""Small PDF files and Word documents, written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(pages: Sequence[Sequence[str]], *, extra: bytes = b"", trailer: str = "") -> bytes:
    """Write a PDF file with lines of Latin text, one a page; ``extra`` are objects of one's own."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids, fonts = [], "/Resources << /Font << /F1 3 0 R >> >>"
    for lines in pages:
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 60 760 Td {shown} ET"
        kids.append(f"{len(objects) + 1} 0 R")
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {fonts} /Contents {len(objects) + 2} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    content, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{item}\nendobj\n".encode("latin-1")
    content += extra
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\n"
    return content + f"{end}startxref\n{len(content)}\n%%EOF\n".encode("latin-1")


def word(body: str, parts: Mapping[str, str] | None = None, *, head: str = "") -> bytes:
    """Write a Word document of the given paragraphs, and of further parts by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in {"word/document.xml": body, **(parts or {})}.items():
            archive.writestr(name, f'{head}<w:document xmlns:w="{_SPACE}"><w:body>{inner}</w:body></w:document>')
    return stream.getvalue()
