"""What tables alone decide is shared by the studies and scenarios that have them, and by no others."""

from __future__ import annotations

import pickle

import landlink as ll


def test_scenarios_share_contents_also_in_another_process():
    study = ll.open_study("china-kyrgyzstan")
    scenarios = tuple(study.scenarios.values())
    assert len({id(one.study.contents) for one in scenarios}) == 1
    sent = pickle.loads(pickle.dumps(scenarios))
    assert len({id(one.study.contents) for one in sent}) == 1
    assert [one.study.hash for one in sent] == [one.study.hash for one in scenarios]
    assert len({one.study.hash for one in sent[1:]}) == len(sent[1:])


def test_other_tables_have_other_contents():
    study = ll.open_study("china-kyrgyzstan")
    changed = study.with_change("crossing", "TORU/road", "days", "set", "mon")
    assert changed.contents is not study.contents
    assert changed.contents.digest_of("crossing") != study.contents.digest_of("crossing")
    assert changed.contents.digest_of("stage") == study.contents.digest_of("stage")
    assert changed.hash != study.hash
    assert study.apply("cku-railway").with_only(()).hash == study.hash
