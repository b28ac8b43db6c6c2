"""The page as a reader meets it, in headless Chromium."""

import re
from base64 import b64encode

import pytest

from codemod.report.binding_map.html import render

COLOURS = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const found = {};
  for (let at = 0; at < data.length; at += 4) {
    const colour = `(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
    found[colour] = (found[colour] ?? 0) + 1;
  }
  return found;
}"""
"""How many pixels of a picture have each colour."""


def shown(page, selector):
    return page.locator(f"{selector}:visible").count()


@pytest.fixture
def page(open_page, atlas):
    return open_page(render(atlas))


def test_it_can_be_read(page):
    assert page.title() == "Worker bindings of atlas"
    assert page.locator("h2").all_inner_texts() == ["Map", "What needs fixing", "Findings"]
    assert re.split(r"\s*[\t\n]\s*", page.locator("tbody tr").first.inner_text()) == [
        "book-telic",
        "API_MOM",
        "book-telic/wrangler.jsonc:10:5",
        "api-mom",
        "No",
        "Needs fix",
    ]
    assert shown(page, ".node") == 10
    assert shown(page, "#map .arrow") == 9
    assert shown(page, "article") == 2


def test_slash_searches_and_escape_shows_all(page):
    page.keyboard.press("/")
    page.keyboard.type("gall")
    assert page.locator("#search").input_value() == "gall"
    assert page.locator("#status").inner_text() == "1 of 9 bindings, 0 of 2 findings"
    assert page.locator(".node:not(.off) .name").all_text_contents() == ["gallery"]
    page.keyboard.press("Escape")
    assert page.locator("#search").input_value() == ""
    assert shown(page, "tbody tr") == 9
    assert shown(page, ".node.off") == 0


@pytest.mark.slow
def test_a_slash_in_a_search_is_a_slash(page):
    page.keyboard.press("/")
    page.keyboard.type("ubermesh/apps")
    assert shown(page, "tbody tr") == 1


@pytest.mark.slow
def test_enter_in_the_search_goes_to_the_first_worker_found(page):
    page.locator("#search").fill("gall")
    page.keyboard.press("Enter")
    assert page.locator(".node:focus .name").text_content() == "gallery"


@pytest.mark.slow
@pytest.mark.parametrize("words", ["runner-do.ts", "RUNNER-DO.TS"])
def test_search_finds_places_in_either_case(page, words):
    page.locator("#search").fill(words)
    assert shown(page, "article") == 2
    assert shown(page, "tbody tr") == 0


def test_a_worker_is_selected_by_keyboard(page):
    page.locator("#map").focus()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.id")
    assert focused == "n1"
    page.keyboard.press("Enter")
    node = page.locator("#n1")
    assert node.get_attribute("aria-pressed") == "true"
    assert page.locator("#status").inner_text() == "6 of 9 bindings, 2 of 2 findings"
    near = set(page.locator(".node:not(.off) .name").all_text_contents())
    assert "gallery" not in near
    assert {"api-mom", "book-telic", "browser-agent"} <= near
    page.keyboard.press(" ")
    assert node.get_attribute("aria-pressed") == "false"
    assert shown(page, "tbody tr") == 9


@pytest.mark.slow
def test_a_worker_is_selected_by_mouse_and_searched_in(page):
    page.locator(".node", has_text="gallery").click()
    assert shown(page, "tbody tr") == 1
    assert shown(page, "article") == 0
    page.locator("#search").fill("api_mom")
    assert shown(page, "tbody tr") == 0
    page.get_by_role("button", name="Show all").click()
    assert shown(page, "tbody tr") == 9
    assert not page.get_by_role("button", name="Show all").is_visible()


@pytest.mark.slow
def test_the_table_leads_to_the_map(page):
    page.locator("tbody tr").first.get_by_role("link", name="api-mom").click()
    assert page.evaluate("document.activeElement.id") == "n1"
    assert page.locator("#n1").get_attribute("aria-pressed") == "true"


@pytest.mark.slow
def test_workers_have_names_for_those_who_do_not_see(page):
    name = page.locator("#n1").get_attribute("aria-label")
    assert name.startswith("api-mom; default: object; CapabilityRegistryDO: Durable Object")
    assert page.get_by_role("button", name=re.compile("^api-mom")).count() == 1


@pytest.mark.slow
def test_the_table_is_sorted_by_any_column(page):
    def column():
        return page.locator("tbody td:first-child a").all_inner_texts()

    heading = page.locator("th", has_text="Worker")
    heading.get_by_role("button").press("Enter")
    assert column() == sorted(column())
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("button").press("Enter")
    assert column() == sorted(column(), reverse=True)
    assert page.locator("th[aria-sort]").count() == 1


@pytest.mark.slow
def test_it_zooms_and_scrolls_by_keyboard(open_page, crowd):
    page = open_page(render(crowd))
    width = "document.querySelector('#map svg').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.locator("#map").focus()
    page.keyboard.press("+")
    assert page.evaluate(width) == pytest.approx(before * 1.25)
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.getElementById('map').scrollTop > 0")
    page.keyboard.press("0")
    assert page.evaluate(width) <= page.evaluate("document.getElementById('map').clientWidth")


@pytest.mark.slow
def test_it_pans_by_mouse_without_selecting(open_page, crowd):
    page = open_page(render(crowd))
    for _ in range(4):
        page.get_by_title("Zoom in").click()
    box = page.locator("#map").bounding_box()
    page.locator("#map").evaluate("map => map.scrollTo(200, 200)")
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 220, steps=4)
    page.mouse.up()
    assert page.locator("#map").evaluate("map => [map.scrollLeft, map.scrollTop]") == [300, 280]
    assert page.locator("#status").inner_text() == ""


def test_the_data_can_be_saved(page):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the data").click()
    assert waiting.value.suggested_filename == "binding-map.json"


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["atlas", "varied", "crowd"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_no_wider_than_its_window(open_page, request, graph, width):
    page = open_page(render(request.getfixturevalue(graph)), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_all_is_printed_and_on_white(open_page, varied):
    page = open_page(render(varied), width=700, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    map_, drawing = page.locator("#map").bounding_box(), page.locator("#map svg").bounding_box()
    assert drawing["width"] <= map_["width"] + 1
    assert drawing["height"] <= map_["height"] + 1
    assert not page.locator("#search").is_visible()
    white = "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == white
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).fill") == white


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "ground"), [("light", (0xF6, 0xF8, 0xFA)), ("dark", (0x0D, 0x11, 0x17))]
)
def test_a_picture_of_it_is_light_or_dark_and_shows_the_verdicts(
    open_page, chromium, atlas, scheme, ground
):
    page = open_page(render(atlas), scheme=scheme)
    shot = b64encode(page.screenshot(full_page=True)).decode()
    pixels = chromium.new_page().evaluate(COLOURS, shot)
    assert pixels[str(ground)] > 100_000
    assert len(pixels) > 100
    colour = page.evaluate("getComputedStyle(document.querySelector('.arrow.needs-fix .tip')).fill")
    assert pixels[colour.removeprefix("rgb")] > 100


def test_nothing_in_a_name_runs(open_page, hostile_texts):
    page = open_page(render(hostile_texts))
    assert page.locator("tbody tr").count() == len(hostile_texts.rows)
    assert page.locator(".node").count() == len(hostile_texts.nodes)
    page.locator(".node").nth(3).press("Enter")
    assert page.locator(".node[aria-pressed=true]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("</script>")
    assert shown(page, "tbody tr") == 2 * 4
