"""The elements and settings that a redacted page may have; anything else goes or becomes a plain stretch of text."""

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
        "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
        "optgroup", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "tfoot", "thead",
        "title", "tr", "ul", "noscript", "textarea", "template", "button", "output",
    }
)  # fmt: skip
"""Elements that begin a line of their own."""

CELLS = frozenset({"td", "th"})
"""Elements that stand beside each other."""

INLINE = frozenset(
    {
        "a", "abbr", "acronym", "area", "b", "bdi", "bdo", "big", "cite", "code", "col", "colgroup",
        "data", "del", "dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "map", "mark", "meter",
        "nobr", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "small",
        "span", "strike", "strong", "style", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    }
)  # fmt: skip
"""Elements inside a line."""

KEPT = frozenset(
    {
        "align", "alink", "bgcolor", "border", "bordercolor", "cellpadding", "cellspacing", "char", "checked",
        "class", "clear", "color", "cols", "colspan", "compact", "coords", "dir", "disabled", "face", "for",
        "frame", "headers", "height", "hidden", "hspace", "id", "lang", "leftmargin", "link", "multiple",
        "name", "noshade", "nowrap", "open", "readonly", "rel", "reversed", "role", "rows", "rowspan", "rules",
        "scope", "selected", "shape", "size", "span", "start", "style", "target", "text", "topmargin", "type",
        "valign", "vlink", "vspace", "width",
    }
)  # fmt: skip
"""Settings of how something looks, whose values are not shown but looked through."""
