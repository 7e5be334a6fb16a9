"""The Word portfolio: from a `content.Book` to a .docx.

The package around the body is made once by python-docx; the body is strings of XML that go straight into the zip.
"""
