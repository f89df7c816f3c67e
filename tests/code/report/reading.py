"""What a page holds, and what a reader of one language sees of it."""

from html.parser import HTMLParser

from markupsafe import escape

from tests.code.report.made import HOSTILE


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside of script and style."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self.inside = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag in ("script", "style"):
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.text.append(data)


class Seen(Elements):
    """The text that a reader of one language sees; code, which speaks none, aside."""

    def __init__(self, page, language):
        self.hidden, self.language = [], language
        super().__init__(page)

    def handle_starttag(self, tag, attributes):
        held = dict(attributes)
        other = held.get("class") == "t" and held["lang"] != self.language
        if self.hidden or other or tag in ("script", "style", "code", "title"):
            self.hidden += [tag] if tag not in ("br", "meta", "use", "path") else []

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden.pop()

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


def seen(page, language):
    return "".join(Seen(page.replace(str(escape(HOSTILE)), ""), language).text)
