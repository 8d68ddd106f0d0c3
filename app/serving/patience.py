"""A connection is let go when it does not get on: headers that do not come to their end, a body that drips, an answer that nobody takes."""

import asyncio
import logging
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.serving import answers

SILENT_SECONDS = 30  # connected and nothing said: browsers do so before they know what to ask
HEADER_SECONDS = 10  # from a request's first byte to the end of its headers
STEP_SECONDS, STEP_BYTES = 20, 4096  # a body, or an answer being taken, moves on by so much in so long
LOOK_SECONDS = 2

log = logging.getLogger("yihe.visitors")
log.setLevel(logging.ERROR)  # a line for every request that is none would let a stranger fill the disk


def _without_values(record: logging.LogRecord) -> bool:
    """The text of an error may name a person: only which, and where."""
    if record.exc_info and (error := record.exc_info[1]):
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        record.msg, record.args, record.exc_info = f"{type(error).__name__} at {where}", (), None
    return True


log.addFilter(_without_values)


class Visitor(H11Protocol):
    """uvicorn's own connection, looked at every two seconds. `gone` is set when it is over."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.logger = log

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.gone, self.received = asyncio.Event(), 0
        self.doing, self.since, self.amount = self.does(), self.loop.time(), 0
        self.looking = self.loop.call_later(LOOK_SECONDS, self.look)

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)

    def connection_lost(self, problem: Exception | None) -> None:
        self.looking.cancel()
        super().connection_lost(problem)
        self._unset_keepalive_if_required()  # uvicorn leaves it after a broken connection, which it then holds in memory
        self.gone.set()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """uvicorn's own, with the headers of all answers. Where one is under way or given already there is no place for another."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        begins = h11.Response(status_code=400, headers=answers.headers(answers.MALFORMED), reason=b"Bad Request")
        for event in (begins, h11.Data(data=answers.MALFORMED.encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def does(self) -> str:
        """taking: our answer. silent or asking: its headers are not whole. sending: its body. resting: between requests. waiting: for us."""
        cycle = self.cycle
        if self.transport.get_write_buffer_size():
            return "taking"
        if cycle and cycle.more_body and not self.flow.read_paused and not cycle.waiting_for_100_continue:
            return "sending"
        if cycle and not cycle.response_complete:
            return "waiting"
        if self.conn.trailing_data[0]:
            return "asking"
        return "resting" if cycle else "silent"

    def look(self) -> None:
        """Has it got on since it began what it does?"""
        now, does = self.loop.time(), self.does()
        if does != self.doing or self.moved():
            self.doing, self.since, self.amount = does, now, self.standing()
        elif now - self.since > PATIENCE.get(does, float("inf")):
            self.transport.abort()
            return
        self.looking = self.loop.call_later(LOOK_SECONDS, self.look)

    def standing(self) -> int:
        return self.transport.get_write_buffer_size() if self.doing == "taking" else self.received

    def moved(self) -> bool:
        """Enough for it to go on. More waiting to be taken than before: some was, or the app would not have added to it."""
        if self.doing == "taking":
            waiting = self.transport.get_write_buffer_size()
            return waiting > self.amount or waiting <= self.amount - STEP_BYTES
        return self.doing == "sending" and self.received >= self.amount + STEP_BYTES

    def idle(self) -> bool:
        return self.does() in ("silent", "asking", "resting")


PATIENCE = {"silent": SILENT_SECONDS, "asking": HEADER_SECONDS, "sending": STEP_SECONDS, "taking": STEP_SECONDS}
