"""What the control words of rich text (.rtf) mean here: which groups hold words, which go, and the signs they stand
for.
"""

GONE = {
    **dict.fromkeys(
        ("info", "userprops", "docvar", "operator", "generator", "private", "template", "hlinkbase", "windowcaption"),
        "the properties of the document",
    ),
    **dict.fromkeys(("revtbl", "rsidtbl", "factoidname", "protusertbl"), "who changed it"),
    **dict.fromkeys(
        ("atnid", "atnauthor", "atndate", "atntime", "atnref", "atnparent", "atnicn"),
        "who wrote the comments, and when",
    ),
    **dict.fromkeys(("mailmerge", "filetbl"), "links to lists and files"),
    **dict.fromkeys(("objdata", "objclass", "objname", "objalias", "objsect"), "embedded files"),
    **dict.fromkeys(
        (
            "themedata", "colorschememapping", "datastore", "xmlnstbl", "xmlopen", "xmlclose", "latentstyles",
            "fontemb", "passwordhash", "password", "writereservation", "writereservhash", "wgrffmtfilter", "pgptbl",
            "datafield", "htmltag", "mhtmltag", "oldcprops", "oldpprops", "oldtprops", "oldsprops", "blipuid",
            "nonshppict", "shprslt", "background", "svb", "hl", "formfield", "keycode", "nextfile",
        ),
        "settings of the program that wrote it",
    ),
}  # fmt: skip
"""Groups that go, by their word, and what people are told."""

BULK = frozenset(
    {
        "themedata", "colorschememapping", "datastore", "xmlnstbl", "rsidtbl", "latentstyles", "fontemb", "objdata",
        "passwordhash", "wgrffmtfilter", "blipuid", "nonshppict", "shprslt", "generator", "pgptbl", "keycode",
    }
)  # fmt: skip
"""Groups that go and hold no words."""

PLACES = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "Header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "Footer"),
    "footnote": "Notes",
    "annotation": "Comments",
    **dict.fromkeys(("shptxt", "dptxbxtext"), "Text box"),
    **dict.fromkeys(("fldinst", "sn", "sv"), "Links and fields"),
    **dict.fromkeys(("bkmkstart", "bkmkend"), "Bookmarks"),
    **dict.fromkeys(("xe", "tc"), "Index"),
    "result": "Embedded file",
    **dict.fromkeys(("ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "ftncn", "aftncn"), "Notes"),
    **dict.fromkeys(("pntxta", "pntxtb", "listtext", "pntext"), "Numbering"),
}
"""Groups with words of their own, and what people call them."""

SEEN = frozenset({"Header", "Footer", "Notes", "Text box", "Numbering", "Text", "Embedded file"})

SETTINGS = frozenset(
    {
        "fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "listpicture", "pgdsctbl",
        "panose", "falt", "fname", "listname", "liststylename", "leveltext", "levelnumbers", "list", "listlevel",
        "listoverride", "lfolevel", "pnseclvl", "picprop", "pict", "defchp", "defpap", "bliptag", "pn", "gridtbl",
    }
)  # fmt: skip
"""Groups of settings; their words are looked through, too, but not shown."""

KEPT_STARS = frozenset(
    {
        *PLACES, "cs", "ts", "ds", "fldrslt", "shpinst", "shppict", "shp", "shpgrp", "do", "nesttableprops", "picprop",
        "defchp", "defpap", "listtable", "listoverridetable", "listpicture", "panose", "falt", "pnseclvl", "pn", "ud",
        "liststylename", "listname", "ftnsep", "hyphauto", "field", "tblind", "atrfstart", "atrfend", "footnote",
    }
)  # fmt: skip
"""Groups that programs may leave out and that stay; all others of that sort go."""

DROPPED = frozenset(
    {
        "rsid", "insrsid", "delrsid", "charrsid", "pararsid", "sectrsid", "tblrsid", "styrsid", "rsidroot", "revised",
        "revauth", "revdttm", "deleted", "revauthdel", "revdttmdel", "crauth", "crdate", "mvf", "mvt",
        "mvauth", "mvdate",
    }
)  # fmt: skip
"""Words without a group that tell who changed what."""

SIGNS = {
    "emdash": "\u2014", "endash": "\u2013", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005",
    "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
BREAKS = {
    "par": "\n", "sect": "\n", "page": "\n", "line": "\n", "column": "\n", "row": "\n", "nestrow": "\n", "tab": "\t",
    "cell": "\t", "nestcell": "\t",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "-": "\u00ad", "_": "\u2011", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}

ALPHABETS = {
    0: "cp1252", 1: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""The alphabet of a font, by the number that its table says."""

PICTURES = {"pngblip": ".png", "jpegblip": ".jpg"}
