"""What stands around the body of a book: our own look, or a centre's template. Made once, used for many books.

Headers, footers and cover hold fields in double braces, which `filling` puts a book's own words into.
"""

from dataclasses import dataclass

from portfolio.documents.wordbook.styles import LANDSCAPE, PORTRAIT, Page


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Parts that are the same in every book, and where the book's own go. The two open ends lack their last tag.

    `sections` refer to the header and footer of upright and of sideways pages, `front` to those of the title page;
    `stories` are headers and footers with their fields; `lists` are numbered lists beside ours; `cover` stands before
    the title page and ends its own section.
    """

    parts: tuple[tuple[str, bytes], ...]
    content_types: str
    relationships: str
    sections: tuple[str, str]
    stories: tuple[tuple[str, str], ...]
    pages: tuple[Page, Page] = (PORTRAIT, LANDSCAPE)
    front: str = ""
    cover: str = ""
    lists: tuple[str, str] = ("", "")

    def section(self, page: Page, *, bare: bool = False) -> str:
        """Section properties of a page; a bare one is the title page's, which has headers of its own or none."""
        references = self.front if bare else self.sections[page is LANDSCAPE]
        return f'<w:sectPr>{references}<w:type w:val="nextPage"/>{self.pages[page is LANDSCAPE].size_xml}</w:sectPr>'
