"""Words that formats themselves are made of: names of fonts, styles, colours and keys that are also people's names.

Where a format says what something is, and not where somebody wrote, these are nobody's name.
"""

import re

_OFFICE = """
    normal char heading title subtitle body text table grid list light dark medium plain colorful shading accent strong
    emphasis subtle intense quote reference book caption header footer page number line macro message signature
    salutation closing date block note hyperlink followed hashtag mention smart link unresolved placeholder toa toc
    index bullet continue envelope address return document map web acronym cite code definition keyboard
    preformatted sample typewriter variable html annotation subject balloon simple classic columns contemporary
    elegant professional theme first indent default paragraph font no spacing revision bibliography footnote endnote
    frame contents internet comment black white brown green red blue yellow gray grey pink gold silver violet olive
    navy maroon teal cyan magenta lime office auto left right center centre both top bottom single double thick
    field begin end separate mark slide master layout blank picture content section comparison vertical horizontal
    rectangle heart sun moon cloud lightning star arrow diamond hexagon wave bold italic regular roman west east ash
    rose may june august summer autumn winter amber ruby jade coral hazel sandy
"""
_FONTS = """
    arial times new roman courier calibri cambria georgia verdana tahoma trebuchet candara constantia corbel
    consolas symbol wingdings aptos display segoe helvetica garamond palatino linotype century gothic schoolbook
    franklin rockwell impact lucida sans serif mono unicode ms mincho david miriam rod gisha levenim narkisim latha
    kartika vrinda gautami shruti raavi tunga mangal sylfaen nyala estrangelo edessa iskoola pota angsana cordia
    browallia daunpenh moolboran mongolian baiti himalaya microsoft yahei yi taile uighur phagspa euphemia
    plantagenet cherokee mv boli traditional arabic simplified dokchampa liberation dejavu linux libertine noto
    carlito caladea gentium basic nimbus simsun simhei kaiti fangsong dengxian malgun batang dotum gulim meiryo yu
    pmingliu mingliu jhenghei leelawadee gabriola ebrima gadugi nirmala myanmar javanese ink free script bodoni
    baskerville perpetua gill optima didot futura avenir bookman antiqua chiller stencil magneto harrington elephant
    monotype corsiva freesans freeserif opensymbol tinos arimo cousine lohit devanagari dingbats zapf oblique
"""
_PDF = """
    page pages root lang info kids parent contents resources font type subtype width height length filter first last
    next prev count title author subject keywords creator producer catalog metadata names dests rect border action
    link url mark marked struct mcid order process procset text image form group black white range domain function
    matrix media crop trim bleed art box rotate flags ascent descent stem cap leading lead widths encoding unicode
    identity registry ordering supplement adobe base differences private square circle line ink stamp pop up caret
    sound movie screen widget watermark note comment help new key insert graph paperclip tag check cross star
    approved draft final sold expired departmental confidential index size version extends layout single column left
    right outlines viewer preferences open dash cost lock off on all print view bits component colour color space
    gray rgb cmyk calibrated
"""
_WORDS = frozenset(f"{_OFFICE} {_FONTS} {_PDF}".split())
_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")


def is_of_the_format(text: str) -> bool:
    """Whether all words of a text are such words, as in “Light Shading Accent 1” or “Georgia”."""
    return all(word.lower() in _WORDS for word in _SPLIT.split(text) if len(word) > 1)
