"""The small study with a lake crossed by two ferries that are alike, so that its flows have more than one equilibrium.

::

    Z1 ── N1 ── road ── X (border) ── road ── PORT ══ ferry FA ══ ISLE ── Z3
                                                └════ ferry FB ════┘
"""

from __future__ import annotations

from tests.support.small_study import SETTINGS, TABLES

__all__ = ["FERRIES", "FERRY_SETTINGS"]

_LINK = """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,capacity_vehicles_per_day,load_group,status
R1,N1,X,0,100,60,road,AAA,200,,existing
R2,X,N2,0,100,60,road,BBB,200,,existing
T1,N1,X,0,110,40,rail,AAA,20,,existing
T2,X,N2,0,110,40,rail,BBB,20,,existing
B1,N1,X,0,150,80,road,AAA,200,,planned
R3,N2,PORT,0,30,60,road,BBB,,,existing
FA,PORT,ISLE,0,40,20,road,BBB,,,existing
FB,PORT,ISLE,0,40,20,road,BBB,,,existing
"""

FERRIES = {
    "node": TABLES["node"].rstrip() + "\nPORT,Port,72.3,40.0,BBB\nISLE,Isle,72.7,40.0,BBB\n",
    "link": _LINK,
    "zone": TABLES["zone"].rstrip() + "\nZ3,Isle,ISLE,BBB\n",
    "demand": TABLES["demand"].rstrip() + "\nZ1,Z3,grain,90000\nZ2,Z3,machinery,30000\nZ3,Z1,machinery,20000\n",
}
FERRY_SETTINGS = SETTINGS
