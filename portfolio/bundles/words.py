"""What a bundle says of itself, for people who open it and for those who write programs that read it. Pure."""

README = """\
{title}
{line}

Open index.html in any browser: it needs no network and no account.

  index.html            the portfolios of this bundle
  FOLDER/index.html     one portfolio with its matrix, evidence, decisions, feedback and history
  FOLDER/portfolio.docx the same as a Word book
  FOLDER/matrix.xlsx    the matrix as a table; matrix.csv is the same
  FOLDER/evidence/      the files, named by their reference
  FOLDER/records.json   units, evidence, mapping, decisions and signatures for programs
  FOLDER/history.json   the history: each entry carries the hash of the one before it; the histories
                        of a portfolio that came from elsewhere lie beside it
  criteria/             the criteria that they stand on, as packs that can be loaded
  schema/               what these JSON files look like (JSON Schema, draft 2020-12)
  manifest.json         every file with its size and SHA-256; manifest.sig is its signature
  verify.py             checks all of it: python3 -I verify.py

It holds what was handed in and not withdrawn, and the decisions that count. The history also tells that there were
drafts, and when, but nothing of what they said.

This bundle is confidential: it holds personal data of learners, and perhaps of customers and colleagues.
Keep it where only those who need it can open it, and delete it when it has done its work.
"""
