"""The Sources page: what the story rests on, found from the opening page."""

from playwright.sync_api import Page, expect

from tests.browser.support import drawn_frame, open_atlas, routes, wait_for_idle


def test_findings_places_reports_and_sources_are_listed(page: Page, app_url: str) -> None:
    open_atlas(page, app_url)
    links = page.get_by_test_id("stSidebarNav")
    links.get_by_text("Sources", exact=True).click()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    wait_for_idle(page)
    findings = page.locator("ul.corridor-list").first
    expect(findings).to_contain_text("Buturlinovka")
    expect(findings).to_contain_text("more than 3,000 miles")
    places, reports = page.locator("table.figures").all()
    assert places.locator("tbody tr").count() == 22
    for words in ("Hmeymim · Хмеймим", "Tartous", "Chelyabinsk Shagol", "35.4011° N"):
        expect(places).to_contain_text(words)
    expect(reports).to_contain_text("15 March 2016")
    sources = page.locator("ol.corridor-list li")
    assert sources.count() >= 40
    main = page.get_by_test_id("stMain")
    for words in ("Reuters", "© OpenStreetMap contributors", "Golan", "not for flight planning"):
        expect(main).to_contain_text(words)
    sideways = page.evaluate("""() => {
        const main = document.querySelector("[data-testid=stMain]");
        return main.scrollWidth - main.clientWidth;
    }""")
    assert sideways == 0
    links.get_by_text("Explore", exact=True).click()
    assert len(routes(drawn_frame(page))) == 6


def test_each_citation_stands_in_the_list(page: Page, app_url: str) -> None:
    open_atlas(page, app_url)
    page.get_by_test_id("stSidebarNav").get_by_text("Sources", exact=True).click()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    wait_for_idle(page)
    count = page.locator("ol.corridor-list li").count()
    cells = page.locator("table.figures").first.locator("tbody td:last-child").all_inner_texts()
    numbers = [int(number) for cell in cells for number in cell.strip("[]").split(",")]
    assert len(cells) == 22
    assert set(numbers) <= set(range(1, count + 1))
