"""What the event kernel works on: parameters of the stages, known events, vehicles, queues and servers."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Fate of a vehicle.
INSIDE, THROUGH, TURNED_BACK, BALKED = 0, 1, 2, 3
#: Marks a closing in place of a number of servers: vehicles waiting at the stage leave.
CLOSES = -1
#: Indices into ``State.count``: vehicles admitted today and at the gate, by direction; services in progress; whether a
#: vehicle has become blocked since rings were last sought.
IN_TODAY, AT_GATE, SERVICES, BLOCKED = 0, 2, 4, 5


class StageConfig(NamedTuple):
    """Parameters of the stages.

    ``member[d, first[d, k] : first[d, k + 1]]`` are the stages at step ``k`` in direction ``d``. ``step`` is the step
    of a stage by direction, ``site`` the site of a stage, ``site_at`` the site of the stages at a step by direction;
    ``site_member[site_first[g] : site_first[g + 1]]`` are the stages of site ``g``. ``rank`` is the queueing priority
    by stage and class. ``patient`` lists the stages that may wait for a full batch. ``timetabled``: services begin at
    departures only.
    """

    first: Any
    member: Any
    step: Any
    site: Any
    site_at: Any
    sites: Any
    site_first: Any
    site_member: Any
    rank: Any
    ranks: Any
    appointment: Any
    batch: Any
    batch_wait_h: Any
    patient: Any
    paired: Any
    timetabled: Any
    places: Any
    quota: Any
    balk_at: Any
    since_h: Any


class ServerChanges(NamedTuple):
    """Numbers of servers by stage through time, in order of time; :data:`CLOSES` marks a closing."""

    time: Any
    stage: Any
    servers: Any


class TimetableEvents(NamedTuple):
    """Departures by stage, with the places of each, and closings (:data:`CLOSES`) after them, in order of time."""

    time: Any
    stage: Any
    places: Any


class Arrivals(NamedTuple):
    """Vehicles in order of arrival; ``service`` is (stages, vehicles), NaN where a vehicle skips the stage."""

    arrival: Any
    direction: Any
    kind: Any
    appointment: Any
    service: Any


class VehicleLog(NamedTuple):
    """What happened to each vehicle: times by step and vehicle in hours (NaN: never), stages used and its fate.

    ``stage`` is the stage used at each step, -1 for none. ``busy_h`` is by stage: hours in which servers worked or
    were blocked, counted from ``StageConfig.since_h`` on.
    """

    joined: Any
    began: Any
    ended: Any
    left: Any
    stage: Any
    fate: Any
    busy_h: Any


class State(NamedTuple):
    """State of the queues and servers.

    Queues are circular doubly linked lists held in ``after`` and ``before``. Their elements are the vehicles, followed
    by one sentinel per queue: blocked vehicles by the site they wait for; then the stages' queues, numbered (stage * 2
    + direction) * ranks + rank, where only paired stages separate the directions; then the gate by direction. ``at`` is
    the step of a vehicle, ``heading`` its next one. ``present`` counts the vehicles of a batch that have not left yet,
    by step and leading vehicle, since the leader itself may already be in service elsewhere. ``dirty`` marks sites to
    be updated after the current event.
    """

    servers: Any
    busy: Any
    inside: Any
    waiting: Any
    timer: Any
    dirty: Any
    after: Any
    before: Any
    next_in_batch: Any
    leader: Any
    present: Any
    at: Any
    heading: Any
    count: Any
    end_time: Any
    end_vehicle: Any
