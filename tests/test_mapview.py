import pytest

from views.mapview import unanswered


def click(count: object, **more: object) -> dict[str, object]:
    return {"action": "click", "count": count, **more}


def test_a_message_is_heeded_once() -> None:
    assert unanswered(click(1), 0) == [click(1)]
    assert unanswered(click(1), 1) == []


def test_what_the_last_message_overtook_is_heeded_before_it() -> None:
    last = click(4, earlier=[click(2), click(3)])
    assert unanswered(last, 1) == [click(2), click(3), last]
    assert unanswered(last, 2) == [click(3), last]
    assert unanswered(last, 4) == []


def test_messages_come_in_the_order_of_their_counts_and_each_once() -> None:
    last = click(3, earlier=[click(2), click(1), click(2)])
    assert [message["count"] for message in unanswered(last, 0)] == [1, 2, 3]


@pytest.mark.parametrize(
    "value",
    [
        None, "click", 7, [click(1)], {}, {"action": "click"}, {"count": 1},
        *(click(count) for count in (None, "1", 1.5, 0, -1, [1])),
    ],
)  # fmt: skip
def test_what_is_no_message_is_passed_over(value: object) -> None:
    assert unanswered(value, 0) == []


@pytest.mark.parametrize("earlier", [None, "x", {"count": 1}, [None, 3, "x", {"count": 1}]])
def test_earlier_messages_that_are_none_are_passed_over(earlier: object) -> None:
    last = click(2, earlier=earlier)
    assert unanswered(last, 0) == [last]


def test_a_flood_of_earlier_messages_is_cut() -> None:
    last = click(10_001, earlier=[click(count) for count in range(1, 10_001)])
    found = unanswered(last, 0)
    assert len(found) == 51
    assert found[0]["count"] == 9_951
