"""A background map from elsewhere: asked for by the city file, and then by the reader."""

import base64
import http.server
import shutil
import ssl
import subprocess
import threading
import typing
from dataclasses import replace

import pytest
from made_city import make_publication
from pages import picture, write

from urbanlayer.model.publish_specification import TilesSpec

TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


REFUSED = """() => {
    document.addEventListener("securitypolicyviolation", (event) => {
        window.told = event.violatedDirective; });
    new Image().src = "https://other.example.org/1.png"; }"""


class Tiles(http.server.BaseHTTPRequestHandler):
    """Answers every address with one dot, and keeps what was asked."""

    asked: typing.ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Referer")))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(TILE)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate for the local server")
    folder = tmp_path_factory.mktemp("tiles")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {key} -out {certificate}"
    subprocess.run([*made.split(), "-subj", "/CN=localhost"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    running = http.server.ThreadingHTTPServer(("localhost", 0), Tiles)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"localhost:{running.server_port}"
    running.shutdown()
    running.server_close()


def _page(folder, host):
    publication = make_publication()
    tiles = TilesSpec(url=f"https://{host}/{{z}}/{{x}}/{{y}}.png", attribution="© Tile Makers")
    publish = publication.spec.publish.model_copy(update={"tiles": tiles})
    spec = publication.spec.model_copy(update={"publish": publish})
    return write(folder / "tiles.html", replace(publication, spec=spec))


def _turn_on(page):
    page.click("#map-top button")
    page.get_by_label("Background map").check()


def test_tiles_come_only_when_the_reader_asks_and_name_their_makers(browser, server, tmp_path):
    Tiles.asked.clear()
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(_page(tmp_path, server).as_uri())
    page.wait_for_selector("body.ready")
    assert Tiles.asked == []
    assert "Tile Makers" not in page.locator(".foot").inner_text()
    _turn_on(page)
    page.wait_for_selector("img.leaflet-tile-loaded")
    assert f"does {server} learn your internet address" in page.locator("#layers").inner_text()
    assert "© Tile Makers" in page.locator(".foot").inner_text()
    assert {referer for _, referer in Tiles.asked} == {None}
    assert all(path.count("/") == 3 and path.endswith(".png") for path, _ in Tiles.asked)
    picture(page, "tiles")
    page.get_by_label("Background map").uncheck()
    assert page.locator("img.leaflet-tile").count() == 0
    assert refused == []
    context.close()


def test_without_a_network_the_page_works_and_says_that_tiles_do_not_come(
    browser, server, tmp_path
):
    context = browser.new_context()
    page = context.new_page()
    page.goto(_page(tmp_path, server).as_uri())
    page.wait_for_selector("body.ready")
    context.set_offline(True)
    _turn_on(page)
    page.wait_for_selector("#toast:not([hidden])")
    assert "does not answer" in page.locator("#toast").inner_text()
    page.click("#views button:nth-child(2)")
    assert page.locator("#table-view").is_visible()
    context.close()


def test_another_host_than_the_city_file_names_is_refused(browser, server, tmp_path):
    page = browser.new_page()
    page.goto(_page(tmp_path, server).as_uri())
    page.wait_for_selector("body.ready")
    page.evaluate(REFUSED)
    page.wait_for_function("window.told")
    assert page.evaluate("window.told") == "img-src"
    page.close()
