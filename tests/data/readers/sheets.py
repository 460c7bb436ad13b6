"""Write the smallest spreadsheet that readers accept."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sheet.main+xml"/></Types>'
)
_HREF = "http://schemas.openxmlformats.org"
_MAIN = f"{_HREF}/spreadsheetml/2006/main"


def write_sheets(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """Write rows of numbers and texts as sheets."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>'
        for i, n in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="r{i}" Type="{_HREF}/officeDocument/2006/relationships/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in numbers
    )
    package = f"{_HREF}/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{_HREF}/officeDocument/2006/'
            'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_HREF}/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">{links}</Relationships>',
        )
        for i, rows in zip(numbers, sheets.values(), strict=True):
            body = "".join(_row(number, row) for number, row in enumerate(rows, start=1))
            archive.writestr(
                f"xl/worksheets/s{i}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
    return path


def _row(number: int, cells: list[object]) -> str:
    return (
        f'<row r="{number}">'
        + "".join(_cell(f"{'ABCDEF'[i]}{number}", cell) for i, cell in enumerate(cells))
        + "</row>"
    )


def _cell(place: str, cell: object) -> str:
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'


def write_open_document(path: Path, rows: list[list[object]]) -> Path:
    """Write rows of numbers and texts as the one sheet of an OpenDocument file."""
    names = ("office", "table", "text")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    body = "".join(
        "<table:table-row>" + "".join(map(_open_cell, row)) + "</table:table-row>" for row in rows
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="one">'
            f"{body}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _open_cell(value: object) -> str:
    if isinstance(value, str):
        said = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{said}</table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        "</table:table-cell>"
    )
