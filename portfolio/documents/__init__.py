"""Everything that reads or writes a document format: Markdown, Word, mail, sheets, pictures.

Knows no database and no web. What people upload is hostile until shown otherwise: it is parsed in a child process.
"""
