"""Health tables for the small border, variants with one fault each, and the message that reports it."""

from __future__ import annotations

from tests.support.small_border import TABLES

HEALTH = {
    "prevalence": """
country,from_date,counted,value,lower,upper,test,variant
AAA,2024,incidence_per_day,0.0005,0.0002,0.001,,
AAA,2024-06-01,infected_share,0.02,,,,delta
*,2024,positive_share,0.01,0.005,0.02,pcr,
""",
    "sensitivity": """
test,day,sensitivity,lower,upper
pcr,0,0,,
pcr,5,0.7,0.5,0.8
pcr,10,0.4,0.3,0.5
""",
    "health": """
parameter,applies_to,value,lower,upper
incubation_days,,5,,
incubation_days,delta,4,,
infectious_before_onset_days,,2,1,3
infectious_days,,6,4,8
stay_days,,3,,
infection_per_contact,,0.2,,
contacts,driver_swap,1,,
turnaround_h,pcr,6,,
usd_per_vehicle_h,,9,6,15
""",
    "rule": """
rule_id,kind,crossing_id,direction,vehicle_class,parameters,open_from,open_to
pcr,test,GATE,ab,,test=pcr;usd=10;specificity=0.99,2024-03-01,
apart,quarantine,GATE,both,fresh,days=7;share=0.5,2024-03-01,
later,escort,GATE,both,,contacts=1,2024-07-01,
swap,driver_swap,,both,loaded,hours=0.5,2024-03-01,2024-05-01
clean,disinfection,GATE,both,,efficacy=0.9,2024-03-01,
""",
    "rule_effect": "rule_id,table,row,column,operation,value\nclean,stage,GATE/road/documents,mean_h,add,0.05\n",
    "stage": TABLES["stage"].replace("12,200,8", "12,,"),
}


def cell(table: str, old: str, new: str) -> dict[str, str]:
    assert old in HEALTH[table]
    return {table: HEALTH[table].replace(old, new)}


TEST_SETTINGS = (
    "test, sensitivity, specificity, hours_before, validity_h, turnaround_h, stopped_h, stopped_usd, share, hours, usd"
)
REFUSED = {
    "low above the value": (
        cell("health", "infectious_days,,6,4,8", "infectious_days,,6,7,8"),
        "health, row infectious_days/, column lower: above the value (found '7'); allowed: at most 6",
    ),
    "high below the value": (
        cell("sensitivity", "0.7,0.5,0.8", "0.7,0.5,0.6"),
        "sensitivity, row pcr/5, column upper: below the value (found '0.6'); allowed: at least 0.7",
    ),
    "one end": (
        cell("prevalence", "0.0005,0.0002,0.001", "0.0005,0.0002,"),
        "prevalence, row AAA/2024, column upper: missing, although lower is given; allowed: a number, or both empty",
    ),
    "share above 1": (
        cell("health", "infection_per_contact,,0.2", "infection_per_contact,,1.2"),
        "health, row infection_per_contact/, column value: out of bounds (found '1.2'); allowed: at most 1",
    ),
    "parameter for a test that is none": (
        cell("health", "turnaround_h,pcr", "turnaround_h,pcrs"),
        (
            "health, row turnaround_h/pcrs, column applies_to: not a test of the table sensitivity (found 'pcrs'); "
            "allowed: a test of the table sensitivity, or empty; did you mean 'pcr'?"
        ),
    ),
    "parameter for one where it is for all": (
        cell("health", "stay_days,,3", "stay_days,pcr,3"),
        ("health, row stay_days/pcr, column applies_to: the parameter is the same for all (found 'pcr'); "
        "allowed: an empty cell"),
    ),
    "no country": (
        cell("prevalence", "AAA,2024,", "AAB,2024,"),
        (
            "prevalence, row AAB/2024, column country: no crossing of this country exists (found 'AAB'); "
            "allowed: *, or a country of the table crossing; did you mean 'AAA'?"
        ),
    ),
    "positive without a test": (
        cell("prevalence", "0.02,pcr,", "0.02,,"),
        (
            "prevalence, row */2024, column test: positive_share needs a known test; "
            "allowed: a test of the table sensitivity; known: pcr"
        ),
    ),
    "two rows of a day": (
        cell("prevalence", "AAA,2024-06-01", "AAA,2024-01-01"),
        (
            "prevalence, row AAA/2024-01-01, column from_date: same start date as the row AAA/2024 "
            "(found '2024-01-01'); allowed: another day"
        ),
    ),
    "setting of another kind": (
        cell("rule", "test=pcr;usd", "test=pcr;days=3;usd"),
        (
            "rule, row pcr, column parameters: unknown parameter days of a rule of the kind test "
            f"(found 'test=pcr;days=3;usd=10;specificity=0.99'); allowed: {TEST_SETTINGS}"
        ),
    ),
    "setting that is missing": (
        cell("rule", "days=7;share=0.5", "share=0.5"),
        (
            "rule, row apart, column parameters: missing parameter days of a rule of the kind quarantine "
            "(found 'share=0.5'); allowed: days=a number from 0 to 365"
        ),
    ),
    "years apart": (
        cell("rule", "days=7;share=0.5", "days=7000"),
        (
            "rule, row apart, column parameters: days is not a number or out of bounds (found 'days=7000'); "
            "allowed: a number from 0 to 365"
        ),
    ),
    "setting out of bounds": (
        cell("rule", "efficacy=0.9", "efficacy=90"),
        (
            "rule, row clean, column parameters: efficacy is not a number or out of bounds (found 'efficacy=90'); "
            "allowed: a number from 0 to 1"
        ),
    ),
    "unknown test": (
        cell("rule", "test=pcr;usd", "test=pcl;usd"),
        (
            "rule, row pcr, column parameters: unknown test in test (found 'test=pcl;usd=10;specificity=0.99'); "
            "allowed: a test of the table sensitivity; did you mean 'pcr'?"
        ),
    ),
    "test of nothing": (
        cell("rule", "test=pcr;usd=10", "usd=10"),
        (
            "rule, row pcr, column parameters: a rule of the kind test needs exactly one of test and sensitivity "
            "(found 'usd=10;specificity=0.99'); allowed: test=NAME with a test of the table sensitivity, "
            "or sensitivity=VALUE from 0 to 1"
        ),
    ),
    "never valid": (
        cell("rule", "usd=10;", "hours_before=96;validity_h=72;"),
        (
            "rule, row pcr, column parameters: validity_h is below hours_before, so no result is ever valid "
            "(found 'test=pcr;hours_before=96;validity_h=72;specificity=0.99'); "
            "allowed: validity_h of at least hours_before"
        ),
    ),
}  # fmt: skip
