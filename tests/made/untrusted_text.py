"""Text that tries to run: in Python, in a template, in the browser, in a spreadsheet."""

from dataclasses import replace

import shapely
from made_city import make_layer, make_publication

HOSTILE = [
    # templates of Python
    "{{7*7}}",
    "{{cycler.__init__.__globals__.os.getpid()}}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% raise %}",
    "{% for x in (1).__class__.__base__.__subclasses__() %}{% endfor %}",
    "{# never closed",
    "{%",
    "{{",
    "}}{{config}}",
    "{0.__class__}{name}{value}",
    "%(name)s %s %n",
    "{{{{{{%{#",
    # markup
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    "</SCRIPT ><img src=x onerror=window.hacked=1>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "<a href='javascript:window.hacked=1'>x</a>",
    "<style>body{display:none}</style>",
    "</style><script>window.hacked=1</script>",
    "</noscript><script>window.hacked=1</script>",
    "</title><script>window.hacked=1</script>",
    "<!-- <script>",
    "<!--<script>window.hacked=1//-->",
    "]]><script>window.hacked=1</script>",
    "<base href='//example.org/'>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<form action=//example.org><button>x</button></form>",
    # leaving an attribute
    '" onmouseover="window.hacked=1',
    "' onfocus='window.hacked=1' autofocus='",
    'x" style="background:url(//example.org)',
    "&lt;script&gt;window.hacked=1&lt;/script&gt;",
    "&#60;script&#62;window.hacked=1",
    # leaving a string of JavaScript
    "';window.hacked=1;//",
    '";window.hacked=1;//',
    "`;window.hacked=1;`",
    "${window.hacked=1}",
    "\\u003cscript\\u003ewindow.hacked=1\\u003c/script\\u003e",
    "\\",
    "\u2028window.hacked=1\u2029",
    "__proto__",
    "constructor",
    # spreadsheets
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    # letters that mislead
    "\u202egnp.exe",
    "a\u0000b",
    "\ufeffBOM",
    "Z\u0334a\u0335l\u0336g\u0337o" * 20,
    "A" * 400,
    'name with "quotes", commas; and\r\nlines',
]


def hostile_publication(texts=HOSTILE):
    publication = make_publication(list(texts))
    keys = publication.city.neighbourhoods.keys
    points = [shape.centroid for shape in publication.city.neighbourhoods.geometry]
    names = [texts[n % len(texts)] for n in range(len(points))]
    evil = make_layer("kindergarten", points, name=names, name_en=names[::-1])
    provenance = replace(
        evil.provenance, path=texts[13], licence=texts[14], attribution=texts[13] + texts[1]
    )
    layers = {**publication.city.layers, "kindergarten": replace(evil, provenance=provenance)}
    lines = [shapely.LineString([p, (p.x + 50, p.y)]) for p in points]
    layers["streets"] = make_layer("streets", lines, name=names)
    spec = publication.spec.model_copy(
        update={
            "name": {"en": texts[13], "sr_Latn_ME": texts[0]},
            "contact": texts[15],
            "id": texts[18],
        }
    )
    indicators = {
        k: replace(i, source=texts[13] + texts[3]) for k, i in publication.indicators.items()
    }
    results = tuple(
        replace(r, reasons={keys[3]: texts[13]}, method=texts[4], unit=r.unit)
        for r in publication.results
    )
    return replace(
        publication, spec=spec, indicators=indicators, results=results,
        city=replace(publication.city, layers=layers),
    )  # fmt: skip
