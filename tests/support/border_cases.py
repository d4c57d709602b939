"""Border tables with one fault each, and the message that reports it."""

from __future__ import annotations

from tests.support.small_border import TABLES


def changed(table: str, old: str, new: str) -> dict[str, str]:
    assert old in TABLES[table]
    return {table: TABLES[table].replace(old, new)}


def servers(text: str) -> dict[str, str]:
    return changed("stage", "08:00-14:00=4;14:00-20:00=2", text)


def hours(text: str) -> dict[str, str]:
    return changed("crossing", "08:00-20:00", text)


def with_column(table: str, name: str, *cells: str) -> dict[str, str]:
    """A table with one more column."""
    lines = TABLES[table].strip().splitlines()
    return {table: "\n".join(f"{line},{cell}" for line, cell in zip(lines, (name, *cells), strict=True))}


def grouped(*sizes: str) -> str:
    """The arrivals with the sizes of their groups."""
    return with_column("arrival", "group", *sizes)["arrival"]


MONEY = (
    TABLES["crossing"]
    .replace("parking_places,", "fee_ab,")
    .replace(",slots_per_h,punctuality_h", ",slots_per_h,currency")
    .replace(",4,0.5", ",4,KGS")
)
SEASON = TABLES["crossing"].replace("parking_places", "season").replace(",80,", ",05-01/09-30,")
DOCUMENTS = "stage, line 2 (GATE/road/documents), column"
CASES = {
    "negative time": (changed("stage", "exponential,0.25", "exponential,-0.25"), f"{DOCUMENTS} mean_h: out of bounds"),
    "time that is no number": (
        changed("stage", "exponential,0.25", "exponential,NaN"),
        f"{DOCUMENTS} mean_h: not a finite number",
    ),
    "negative time of a class": (
        changed("service", ",0.3,", ",-1,"),
        "service, line 2 (GATE/road/documents/ba/*), column mean_h",
    ),
    "zero servers in every shift": (
        servers("08:00-14:00=0;14:00-20:00=0"),
        f"{DOCUMENTS} servers: no shift has any servers",
    ),
    "zero servers": (servers("0"), "no shift has any servers"),
    "negative servers": (servers("-1"), "not a non-negative whole number of servers"),
    "servers that are none": (servers("many"), "'many' is not a non-negative whole number of servers"),
    "shift without servers": (servers("08:00-14:00;14:00-20:00=2"), "has no number of servers"),
    "hour 25": (hours("08:00-25:00"), "column hours: '25:00' is not a time"),
    "minute 60": (hours("08:60-20:00"), "'08:60' is not a time"),
    "hours of no length": (hours("08:00-08:00"), "is empty; write 00:00-24:00 for the whole day"),
    "hours in words": (hours("daytime"), "'daytime' is not a time range such as 08:00-20:00"),
    "hours twice": (hours("08:00-12:00;11:00-13:00"), "08:00-12:00 and 11:00-13:00 overlap"),
    "empty range": (hours("08:00-12:00;"), "the list has an empty item"),
    "no day of the week": (changed("crossing", "mon-sat", "mon;tues"), "column days: 'tues' is not a day of the week"),
    "no such holiday": (changed("crossing", "01-01,", "02-30,"), "'02-30' is not a valid calendar day"),
    "holidays all year": (
        changed("crossing", "01-01,", "01-01/12-31,"),
        "the stage never opens: every day of the season is a holiday",
    ),
    "hours without shifts": (
        servers("20:00-24:00=4"),
        "the stage never opens: no shift with servers overlaps its hours",
    ),
    "hours against shifts of zero": (servers("08:00-20:00=0;21:00-23:00=4"), "never opens"),
    "unknown clock": (
        changed("crossing", "Asia/Bishkek", "Asia/Bishkekk"),
        "column time_zone: unknown time zone; did you mean 'Asia/Bishkek'",
    ),
    "clock of a stage alone": (changed("crossing", "Asia/Bishkek", ""), "missing time zone, although the stage"),
    "short profile": (changed("arrival", "2;2;2;2;2;1;0", "2;2;2;2;2;1"), "column weekday_profile: 6 numbers"),
    "empty profile": (changed("arrival", "2;2;2;2;2;1;0", "0;0;0;0;0;0;0"), "all numbers are zero"),
    "negative profile": (changed("arrival", "2;2;2;2;2;1;0", "2;2;2;2;2;1;-1"), "-1 is out of bounds"),
    "profile in words": (changed("arrival", "2;2;2;2;2;1;0", "2;2;2;2;2;1;few"), "'few' is not a number"),
    "negative arrivals": (changed("arrival", "loaded,40", "loaded,-40"), "column vehicles_per_day: out of bounds"),
    "unknown class": (changed("arrival", "ab,fresh", "ab,frosh"), "unknown vehicle_class"),
    "unknown class of a service": (changed("service", "both,fresh,,0.1", "both,frosh,,0.1"), "did you mean 'fresh'?"),
    "unknown stage of a service": (
        changed("service", "swap,both", "swop,both"),
        "unknown stage (found 'swop'); allowed: a stage of the crossing; did you mean 'swap'?",
    ),
    "unknown stage of a rule": (
        changed("rule_effect", "GATE/road/documents", "GATE/road/papers"),
        "rule_effect, row rule_effect 2 (whole-day), column row: unknown row of stage",
    ),
    "unknown stage a rule is applied at": (
        {
            "rule": TABLES["rule"]
            .rstrip()
            .replace("parameters,", "stage_id,")
            .replace("hours_before=14;sensitivity=0.9", "clinic")
        },
        "rule, row tested, column stage_id: unknown stage",
    ),
    "unknown crossing of a rule": (
        changed("rule", "change,GATE", "change,GOTE"),
        "rule, line 2 (whole-day), column crossing_id: unknown crossing_id",
    ),
    "unknown crossing of a stage": (
        changed("stage", "GATE,road,scales", "GOTE,road,scales"),
        "unknown crossing_id",
    ),
    "unknown crossing of an arrival": (
        changed("arrival", "GATE,road,ba", "GOTE,road,ba"),
        "unknown crossing_id",
    ),
    "family without control": (
        changed("stage", "GATE,road,scales", "GATE,water,scales"),
        "the crossing has no row for this family (found 'water'); allowed: road, rail",
    ),
    "stages of one name": (
        changed("stage", "GATE,road,scales", "GATE,road,swap"),
        "duplicate key, already used in line 3",
    ),
    "service against the stage": (
        {"service": "crossing_id,stage_id,direction,mean_h\nGATE,scales,ba,0.3"},
        "the stage serves only the direction ab",
    ),
    "batch without room": (
        changed("stage", "1,2,3,1,20", "1,30,3,1,20"),
        "the batch exceeds the places of the stage (found '30'); allowed: at most 20, the number of places",
    ),
    "pairs of one direction": (
        changed("stage", "swap,3,both", "swap,3,ab"),
        "a paired stage must serve both directions",
    ),
    "breakdown without repair": (
        changed("stage", "12,200,8", "12,200,"),
        "column repair_h: missing, although failure_mtbf_h is given",
    ),
    "repair in no time": (changed("stage", "12,200,8", "12,200,0"), "column repair_h: out of bounds"),
    "share of two": (changed("stage", "0.2,0.5,0.5", "0.2,0.5,2"), "column share: out of bounds"),
    "shares mixed": (
        changed("stage", "scales,2,ab", "scales,1,ab"),
        "shares of parallel stages with order 1 mix 1 with smaller values",
    ),
    "shares above 1": (
        {"stage": TABLES["stage"].rstrip() + "\nGATE,road,scan,2,ab,1,,,exponential,0.1,,0.7,,,0,,,,\n"},
        "sum to more than 1",
    ),
    "constant that varies": (
        changed("stage", "constant,0.5,", "constant,0.5,1"),
        "invalid cv for constant service times",
    ),
    "uniform below zero": (
        changed("stage", "gamma,0.2,0.5", "uniform,0.2,0.9"),
        "uniform service times would be negative",
    ),
    "mean of nothing": (
        changed("stage", "exponential,0.25", "exponential,0"),
        "a mean of 0 is only possible for constant service times",
    ),
    "rule that never comes": (
        changed("rule", "2024-03-11,2024-03-18", "2024-03-18,2024-03-11"),
        "rule, row whole-day, column open_to: open_to is not after open_from",
    ),
    "rule of no kind": (changed("rule", "tested,test", "tested,tests"), "invalid value"),
    "rule with broken parameters": (
        changed("rule", "hours_before=14;", "hours_before;"),
        "column parameters: 'hours_before' is not a name=value pair",
    ),
    "rule that leaves nonsense": (
        changed("rule_effect", "multiply,2", "multiply,-2"),
        "after the rule whole-day: out of bounds",
    ),
    "measure that leaves nonsense": (
        changed("effect", "servers,set,8", "servers,set,0"),
        "column value: no shift has any servers",
    ),
    "bookings without slots": (
        changed("crossing", ",4,0.5", ",,0.5"),
        "vehicles book appointments, but the crossing offers none",
    ),
    "bookings of a convoy": (
        {"arrival": grouped("5", "", "")},
        "column group: vehicles that book appointments cannot arrive in groups",
    ),
    "convoy of nobody": (
        {"arrival": grouped("", "", "0")},
        "column group: out of bounds",
    ),
    "money of nowhere": ({"crossing": MONEY}, "missing exchange rate for fees in KGS"),
    "nobody in season": (
        {
            "crossing": SEASON,
            "arrival": TABLES["arrival"].replace("1;1;1;1;2;3;3;3;2;1;1;1", "1;1;1;1;0;0;0;0;0;1;1;1"),
        },
        "no arrivals in any month of the season 05-01/09-30",
    ),
    "class of all": (
        {"vehicle_class": TABLES["vehicle_class"].rstrip() + "\n*,All,,0,0,1\n"},
        "reserved name, which stands for all classes",
    ),
    "passes nothing": (
        {
            "service": TABLES["service"].rstrip()
            + "\nGATE,road,documents,ba,loaded,,,,0\nGATE,road,swap,ba,loaded,,,,0\n"
        },
        "arrival, row GATE/road/ba/loaded, column vehicle_class: vehicles of this class pass no stage",
    ),
    "timetable and servers": (
        with_column("stage", "departures", "12:00", "", ""),
        "row GATE/road/documents, column servers: no effect, since services begin at the departures",
    ),
    "hours on closed days": (
        hours("mon-sat 08:00-20:00;sun 10:00-12:00"),
        "column hours: the column days closes sun",
    ),
    "profile beside a timetable": (
        with_column("arrival", "timetable", "08:00", "", ""),
        "row GATE/road/ab/loaded, column weekday_profile: no effect on arrivals by timetable",
    ),
    "count of nobody": (
        {
            "arrival_count": "crossing_id,family,direction,vehicle_class,begins,vehicles\n"
            "GATE,road,ba,fresh,2024-03-05T08:00,3\n"
        },
        "column vehicle_class: no such arrivals",
    ),
}


#: Cases in which each table is right alone.
BORDER_CHECKS = (
    "family without control", "service against the stage", "unknown stage of a service", "unknown class of a service",
    "class of all", "uniform below zero", "mean of nothing", "shares mixed", "shares above 1", "passes nothing",
    "batch without room", "pairs of one direction", "breakdown without repair", "clock of a stage alone",
    "money of nowhere", "holidays all year", "hours without shifts", "bookings without slots", "bookings of a convoy",
    "nobody in season",
    "unknown stage a rule is applied at", "rule that never comes", "timetable and servers", "hours on closed days",
    "profile beside a timetable", "count of nobody",
)  # fmt: skip
