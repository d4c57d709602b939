"""Record the bytes of solved cases in ``tests/bundled/flow_hashes.toml``: ``python -m tools.flow_hashes``.

Run it after a change that moves flows on purpose, and say in the change why they moved.
"""

from __future__ import annotations

import tomllib

from tests.bundled.test_flow_hashes import FILE, HERE, digest_of_network, digests_of_scenario

_HEAD = "# SHA-256 of flows and indicators; tests/bundled/test_flow_hashes.py says of which arrays.\n"


def main() -> None:
    """Solve every recorded case and write its digests, with the platform that they hold for."""
    known = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known["recorded_with"] = HERE
    for name, kept in known["scenario"].items():
        kept.update(digests_of_scenario(name))
    for name, kept in known["network"].items():
        kept.update(digest_of_network(name, kept))
    sections = [("recorded_with", known["recorded_with"])]
    sections += [(f"{kind}.{name}", kept) for kind in ("scenario", "network") for name, kept in known[kind].items()]
    lines = [_HEAD]
    for title, values in sections:
        lines += [f"[{title}]\n", *(f"{key} = {_toml(value)}\n" for key, value in values.items()), "\n"]
    FILE.write_text("".join(lines).rstrip() + "\n", encoding="utf-8")


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


if __name__ == "__main__":
    main()
