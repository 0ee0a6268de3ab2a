"""Whether a page is whole: every tag closed where it should be, every picture decodable and described, labels on charts."""
import base64
import html.parser
import sys

EMPTY = {"meta", "img", "link", "br"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.images, self.headings = [], 0, []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "img":
            self.images += 1
            kind, _, data = values["src"].partition(";base64,")
            begin = {"data:image/png": b"\x89PNG\r\n\x1a\n", "data:image/gif": b"GIF89a"}[kind]
            assert base64.b64decode(data, validate=True).startswith(begin), kind
            assert len(values["alt"]) > 10, "a picture without a description"
        if tag == "svg":
            assert values["role"] == "img" and len(values["aria-label"]) > 20, "a chart without a description"
        if tag in ("h1", "h2", "h3"):
            assert int(tag[1]) <= (self.headings[-1] if self.headings else 0) + 1, "a heading's level is left out"
            self.headings.append(int(tag[1]))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
assert not page.open, f"left open: {page.open}"
assert page.images >= 2, "no pictures of the layers"
