"""Tables of the small border with a catalogue of measures to recover traffic, and with infections."""

from __future__ import annotations

from tests.support.small_study import TABLES as STUDY_TABLES

HEADER, *OLD = STUDY_TABLES["measure"].strip().splitlines()
MEASURES = "\n".join(
    [
        HEADER + ",lead_days,cost_musd,running_usd_per_day",
        *(row + ",,," for row in OLD),
        "hours,Open all day,policy,,,30,0,800",
        "staff,Second shift,policy,,hours,20,0,1200",
        "scales2,Second scales,project,,,90,0.2,50",
        "yard,Swap yard,project,,,120,0.8,200",
        "free,Untested drivers,policy,,,1,0,0",
    ]
)
EFFECTS = (
    STUDY_TABLES["effect"].rstrip()
    + """
hours,crossing,GATE/road,hours,set,
hours,stage,GATE/road/documents,servers,set,4
hours,stage,GATE/road/scales,hours,set,
staff,stage,GATE/road/documents,servers,set,08:00-20:00=6
scales2,stage,GATE/road/scales,servers,set,2
yard,stage,GATE/road/swap,servers,set,3
free,rule,tested,,close,
"""
)
HEALTH = {
    "prevalence": "country,from_date,counted,value,lower,upper\n*,2020-01-01,incidence_per_day,0.0004,0.0002,0.0008\n",
    "health": "parameter,applies_to,value\ninfection_per_contact,,0.1\ncontacts,,2\nincubation_days,,5\n"
    "infectious_before_onset_days,,2\ninfectious_days,,7\nstay_days,,3\n",
}
