"""Reads files with one peer: python read.py PEER TASK, a path a line on standard input, a JSON object a line on standard
output: {file, markdown, tables: [{page, grid}], seconds, error}. The first line says {ready: version} once it is loaded.

TASK is `text` (the whole document as Markdown) or `tables` (each table with its page)."""

import io
import json
import os
import re
import sys
import time


class Markitdown:
    """Writes no pages, so for tables each page is read as a document of its own."""

    def __init__(self):
        from markitdown import MarkItDown, __version__

        self.version = __version__
        self.converter = MarkItDown(enable_plugins=False)

    def text(self, path):
        return self.converter.convert(path).markdown

    def tables(self, path):
        from markitdown import StreamInfo
        from pypdf import PdfReader, PdfWriter

        found = []
        for number, page in enumerate(PdfReader(path).pages, 1):
            writer = PdfWriter()
            writer.add_page(page)
            stream = io.BytesIO()
            writer.write(stream)
            stream.seek(0)
            began = time.perf_counter()
            markdown = self.converter.convert(stream, stream_info=StreamInfo(extension=".pdf")).markdown
            self.spent += time.perf_counter() - began
            found += [{"page": number, "grid": grid} for grid in grids(markdown)]
        return found


class Pdfplumber:
    """PDF alone: the usual Python library for tables by rules and positions, with its default settings."""

    def __init__(self):
        import pdfplumber

        self.version = pdfplumber.__version__
        self.open = pdfplumber.open

    def text(self, path):
        with self.open(path) as document:
            return "\n\n".join(page.extract_text() or "" for page in document.pages)

    def tables(self, path):
        with self.open(path) as document:
            return [
                {"page": page.page_number, "grid": [[cell or "" for cell in row] for row in table]}
                for page in document.pages
                for table in page.extract_tables()
            ]


class Docling:
    def __init__(self):
        from importlib.metadata import version

        from docling.document_converter import DocumentConverter

        self.version = version("docling-slim")
        self.converter = DocumentConverter(format_options=self.options())

    def options(self):
        return None

    def text(self, path):
        return self.converter.convert(path).document.export_to_markdown()

    def tables(self, path):
        document = self.converter.convert(path).document
        return [
            {
                "page": table.prov[0].page_no if table.prov else 1,
                "grid": [[cell.text for cell in row] for row in table.data.grid],
            }
            for table in document.tables
        ]


class DoclingNative(Docling):
    """Its pipeline without models, for where their hub cannot be reached: the text of a PDF in its parser's order."""

    def options(self):
        from docling.datamodel.base_models import InputFormat
        from docling.document_converter import PdfFormatOption
        from docling.datamodel.pipeline_options import NativePdfPipelineOptions
        from docling.pipeline.native_pdf_pipeline import NativePdfPipeline

        options = PdfFormatOption(pipeline_cls=NativePdfPipeline, pipeline_options=NativePdfPipelineOptions())
        return {InputFormat.PDF: options}


def grids(markdown):
    """The pipe tables of a Markdown text."""
    rows, found = [], []
    for line in [*markdown.split("\n"), ""]:
        if line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                rows.append(cells)
        elif rows:
            found.append(rows)
            rows = []
    return found


PEERS = {"markitdown": Markitdown, "pdfplumber": Pdfplumber, "docling": Docling, "docling-native": DoclingNative}


def main():
    name, task = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # What a library prints is not an answer.
    answer = lambda value: print(json.dumps(value), file=answers, flush=True)
    peer = PEERS[name]()
    answer({"ready": peer.version})
    for line in sys.stdin:
        path = line.rstrip("\n")
        reading = {"file": os.path.basename(path), "markdown": "", "tables": [], "error": None}
        peer.spent = 0
        began = time.perf_counter()
        try:
            if task == "tables":
                reading["tables"] = peer.tables(path)
            else:
                reading["markdown"] = peer.text(path)
        except Exception as error:
            reading["error"] = f"{type(error).__name__}: {error}".strip()[:300]
        reading["seconds"] = peer.spent or time.perf_counter() - began
        answer(reading)


main()
