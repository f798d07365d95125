from tests.browser.test_atlas_search import *
def test_shot(page):
    type_in(page, "Шереметьево-heathrow")
    page.locator(BOX).press("Enter")
    show(page, routes=("UUEE-EGLL",), closed=(("USA","United States"),))
    page.wait_for_timeout(300); page.screenshot(path="/tmp/w/searchnames/1.png", clip={"x":0,"y":0,"width":520,"height":300})
    type_in(page, "lhr to jfk"); page.wait_for_timeout(200); page.screenshot(path="/tmp/w/searchnames/2.png", clip={"x":0,"y":0,"width":520,"height":300})
    type_in(page, "США"); page.locator(BOX).press("Enter"); page.wait_for_timeout(200); page.screenshot(path="/tmp/w/searchnames/3.png", clip={"x":0,"y":0,"width":520,"height":300})
