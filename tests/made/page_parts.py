"""The elements, scripts and styles of a page."""

from __future__ import annotations

from html.parser import HTMLParser


class Parts(HTMLParser):
    """Elements and attributes of a document, and the text of its scripts and styles."""

    def __init__(self, document):
        super().__init__()
        self.tags, self.texts = [], {"script": [], "style": []}
        self._inside = None
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag if tag in self.texts else None

    def handle_endtag(self, _tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside:
            self.texts[self._inside].append((self.tags[-1][1], data))
