"""Readers without a browser: what one sends to the server and gets from it, over its WebSocket.

A reader keeps what a browser keeps, the values of all controls, the address and the messages that
the server may send by their hash alone, and tells it all with every click, as a browser does.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

WAIT_S = 60.0
MAP = "the map"
# A browser forgets a message that this many runs had no use for.
_KEPT_RUNS = 2


@dataclass(frozen=True, slots=True)
class Click:
    """What a reader does: `values` are the new ones of the control with this label.

    Of the map, `message` is what it tells the server; a fold is opened by no values.
    """

    label: str
    values: tuple[str, ...] = ()
    message: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What a click led to, and the seconds until the map had it and until all was there."""

    map_s: float
    whole_s: float
    scene: str
    texts: tuple[str, ...]

    @property
    def answer(self) -> tuple[str, ...]:
        """All that the page tells: the same for all who did the same."""
        return (self.scene, *self.texts)

    def drawn(self) -> dict[str, Any]:
        """Read the scene that the map draws."""
        found: dict[str, Any] = json.JSONDecoder().raw_decode(self.scene)[0]
        return found


@dataclass(slots=True)
class _Control:
    """A control of the page; `key` is what the address calls it."""

    state: WidgetState
    options: Sequence[str] = ()
    key: str = ""
    default: tuple[str, ...] = ()


@dataclass(slots=True)
class _Run:
    """What came of one run of the script."""

    begin_s: float
    map_s: float = 0.0
    scene: str = ""
    texts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Reader:
    """One reader of the page. Used as an asynchronous context, it leaves at the end."""

    def __init__(self, url: str, query: str = "") -> None:
        self.url, self.query = url, query
        self.controls: dict[str, _Control] = {}
        self._page = ""
        self._told = 0
        self._runs = 0
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._socket: ClientConnection

    async def __aenter__(self) -> "Reader":
        """Connect, as a browser does before it asks for the first run."""
        address = f"ws{self.url.removeprefix('http')}/_stcore/stream"
        self._socket = await connect(
            address, subprotocols=["streamlit"], max_size=None, open_timeout=WAIT_S,  # type: ignore[list-item]
            origin=self.url,  # type: ignore[arg-type]
        )  # fmt: skip
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave, as a tab that is closed."""
        await self._socket.close()

    async def open(self) -> Update:
        """Ask for the page for the first time."""
        return await self._rerun()

    async def click(self, click: Click) -> Update:
        """Do something, and wait until the page has it."""
        control = self.controls[click.label]
        if click.message is not None:
            self._told += 1
            control.state.json_value = json.dumps({**click.message, "count": self._told})
        elif click.values or control.options:
            self._choose(control, click.values)
        else:
            control.state.bool_value = True
        return await self._rerun()

    def request(self) -> BackMsg:
        """Write what is sent to have the script run."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self.query, self._page
        asked.widget_states.widgets.extend(
            control.state for control in self.controls.values() if _is_set(control.state)
        )
        asked.cached_message_hashes.extend(self._kept)
        context = asked.context_info
        context.timezone, context.locale, context.color_scheme = "UTC", "en-US", "light"
        context.url, context.is_embedded, context.timezone_offset = f"{self.url}/", False, 0
        return message

    def _choose(self, control: _Control, values: tuple[str, ...]) -> None:
        unknown = set(values) - set(control.options)
        assert not unknown, f"there is no {unknown} among {control.options}"
        if control.state.WhichOneof("value") == "string_value":
            (control.state.string_value,) = values
        else:
            control.state.string_array_value.data[:] = values
        if control.key:
            words = parse_qs(self.query, keep_blank_values=True)
            words.pop(control.key, None)
            if values != control.default:
                words[control.key] = list(values) or [""]
            self.query = urlencode(words, doseq=True)

    async def _rerun(self) -> Update:
        await self._socket.send(self.request().SerializeToString())
        begin = perf_counter()
        async with asyncio.timeout(WAIT_S):
            run = await self._receive(begin)
        assert not run.errors, run.errors
        assert run.scene, "the run drew no map"
        return Update(run.map_s, perf_counter() - begin, run.scene, tuple(run.texts))

    async def _receive(self, begin: float) -> _Run:
        """Take messages until a run is finished, and not only broken off for another."""
        run = _Run(begin)
        while True:
            data = await self._socket.recv()
            assert isinstance(data, bytes)
            message = self._whole(ForwardMsg.FromString(data))
            match message.WhichOneof("type"):
                case "new_session":
                    run = _Run(begin)
                case "navigation":
                    self._page = message.navigation.page_script_hash
                case "delta":
                    self._draw(message.delta, run)
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
                case "page_not_found" | "session_event":
                    run.errors.append(str(message))
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                        run.errors.append(str(message))
                    self._forget()
                    return run

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """Keep a message for later, or find the kept one that it stands for."""
        if message.WhichOneof("type") == "ref_hash":
            kept = self._kept[message.ref_hash][1]
            whole = ForwardMsg()
            whole.CopyFrom(kept)
            whole.metadata.CopyFrom(message.metadata)
            self._kept[message.ref_hash] = self._runs, kept
            return whole
        if message.metadata.cacheable and message.hash:
            self._kept[message.hash] = self._runs, message
        return message

    def _forget(self) -> None:
        self._runs += 1
        old = [key for key, (run, _) in self._kept.items() if self._runs - run > _KEPT_RUNS]
        for key in old:
            del self._kept[key]

    def _draw(self, delta: Delta, run: _Run) -> None:
        if delta.WhichOneof("type") == "add_block" and delta.add_block.HasField("expandable"):
            fold = delta.add_block.expandable
            if fold.id:
                self.controls.setdefault(fold.label, _Control(WidgetState(id=fold.id)))
        if delta.WhichOneof("type") == "new_element":
            self._draw_element(delta.new_element, run)

    def _draw_element(self, element: Element, run: _Run) -> None:
        match element.WhichOneof("type"):
            case "html":
                run.texts.append(element.html.body)
            case "exception":
                run.errors.append(f"{element.exception.type}: {element.exception.message}")
            case "component_instance":
                instance = element.component_instance
                self.controls.setdefault(MAP, _Control(WidgetState(id=instance.id)))
                layer = json.loads(instance.json_args)["feature_group"]
                run.scene = layer[layer.index('{"theme"') :]
                run.map_s = perf_counter() - run.begin_s
            case "button_group":
                group = element.button_group
                options = [option.content for option in group.options]
                first = tuple(options[number] for number in group.default)
                self._mount(group, options, first, is_many=True)
            case "selectbox":
                self._mount(element.selectbox, element.selectbox.options, (), is_many=False)

    def _mount(
        self, proto: Any, options: Sequence[str], first: tuple[str, ...], *, is_many: bool
    ) -> None:
        """Keep a control with its value: the server's where it sets one, or the first."""
        control = self.controls.get(proto.label)
        if control is None or control.state.id != proto.id:
            state = WidgetState(id=proto.id)
            if is_many:
                state.string_array_value.data[:] = first
            else:
                state.string_value = ""
            control = _Control(state, (), proto.query_param_key, first)
            self.controls[proto.label] = control
        control.options = list(options)
        if proto.set_value and is_many:
            control.state.string_array_value.data[:] = list(proto.raw_values)


def _is_set(state: WidgetState) -> bool:
    """Tell whether a browser would tell of a control: a fold, a list and the map only when used."""
    kind = state.WhichOneof("value")
    return kind is not None and not (kind == "string_value" and not state.string_value)
