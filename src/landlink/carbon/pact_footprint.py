"""Product footprints of the PACT data model 2.1, which carry iLEAP documents as an extension.

Rules of the mapping: iLEAP Technical Specifications 1.0.0, section 7.2. What they leave to the owner of the data says
what landlink is: modelled data without primary data, third-party assurance or certification.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

from landlink.carbon.decimal_text import decimal_text, total
from landlink.carbon.ileap_documents import Document, time_text

__all__ = ["Issuer", "hub_footprint", "shipment_footprint", "transport_footprint"]

#: Version of the PACT data model, and of its extensions.
PACT_VERSION: Final = "2.1.0"
EXTENSION_VERSION: Final = "2.0.0"
_SCHEMAS: Final = "https://api.ileap.sine.dev"
_DOCUMENTATION: Final = "https://sine-fdn.github.io/ileap-extension/"
#: CPC code of logistics services, and what the amounts are per.
_CPC: Final = "83117"
_TKM: Final = "ton kilometer"
_KG_PER_T: Final = "1000"
_BOUNDARY: Final = (
    "Well-to-wheel greenhouse gas emissions of transport and hub operations after ISO 14083:2023: vehicle operation,"
    " empty trips, waiting, handling and the provision of the energy carriers. Refrigerants, black carbon, vehicles and"
    " infrastructure are not included."
)
_ALLOCATION: Final = (
    "By mass and distance: a vehicle's emissions, empty trips included, are allocated to the consignments by transport"
    " activity (tonne-kilometres by the shortest feasible distance), those of hubs by mass."
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """What the footprints of one result have in common.

    Attributes
    ----------
    scope
        Namespace of the identifiers.
    company, company_id
        Name of the owner of the data, and an identifier as a URN.
    year
        Year that the figures are for.
    created
        Time at which the result was finished.
    comment
        What a recipient should know about the figures.
    sources
        Sources of emission factors: name and version of each.
    uncertainty
        How sure the figures are; empty if nothing is known.
    """

    scope: UUID
    company: str
    company_id: str
    year: int
    created: datetime
    comment: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    uncertainty: str = ""


def shipment_footprint(data: Document, label: str, issuer: Issuer) -> Document:
    """Wrap a ``ShipmentFootprint``: its emissions and tonne-kilometres are the sums of its elements, exactly."""
    tces = data["tces"]
    pcf = {
        "declaredUnit": _TKM,
        "unitaryProductAmount": _sum(tce["transportActivity"] for tce in tces),
        "productMassPerDeclaredUnit": data["mass"],
        **_emissions(_sum(tce["co2eWTW"] for tce in tces)),
    }
    return _footprint("shipment", "shipment-footprint", data["shipmentId"], label, pcf, data, issuer)


def transport_footprint(data: Document, issuer: Issuer) -> Document:
    """Wrap a ``TOC``: emissions of a tonne-kilometre."""
    pcf = {"declaredUnit": _TKM, "unitaryProductAmount": "1", **_emissions(data["co2eIntensityWTW"])}
    return _footprint("toc", "toc", data["tocId"], data["description"], pcf, data, issuer)


def hub_footprint(data: Document, issuer: Issuer) -> Document:
    """Wrap a ``HOC``: emissions of a tonne that leaves the hub."""
    pcf = {"declaredUnit": "kilogram", "unitaryProductAmount": _KG_PER_T, **_emissions(data["co2eIntensityWTW"])}
    return _footprint("hoc", "hoc", data["hocId"], data["description"], pcf, data, issuer)


def _sum(texts: Iterable[str]) -> str:
    return decimal_text(total(map(Decimal, texts)))


def _emissions(wtw: str) -> Document:
    """Emissions by kind: all are counted as fossil, since factors of energy carriers do not tell what is biogenic."""
    return {
        "pCfExcludingBiogenic": wtw,
        "fossilGhgEmissions": wtw,
        # The content of a product; a service contains no carbon.
        "fossilCarbonContent": "0",
        "biogenicCarbonContent": "0",
    }


def _footprint(
    kind: str, schema: str, identifier: str, label: str, pcf: Document, data: Document, issuer: Issuer
) -> Document:
    """Wrap one iLEAP document of any kind."""
    return {
        "id": str(uuid5(issuer.scope, f"footprint\x1f{kind}\x1f{identifier}")),
        "specVersion": PACT_VERSION,
        "version": 0,
        "created": time_text(issuer.created),
        "status": "Active",
        "companyName": issuer.company,
        "companyIds": [issuer.company_id],
        "productDescription": label,
        "productIds": [f"urn:pathfinder:product:customcode:vendor-assigned:{kind}:{identifier}"],
        "productCategoryCpc": _CPC,
        "productNameCompany": label,
        "comment": issuer.comment,
        "pcf": pcf | _method(issuer),
        "extensions": [
            {
                "specVersion": EXTENSION_VERSION,
                "dataSchema": f"{_SCHEMAS}/{schema}.json",
                "documentation": _DOCUMENTATION,
                "data": data,
            }
        ],
    }


def _method(issuer: Issuer) -> Document:
    """How the figures were made; the same in every footprint."""
    sources = [{"name": name, "version": version} for name, version in issuer.sources]
    return {
        "characterizationFactors": "AR5",
        "ipccCharacterizationFactorsSources": ["AR5"],
        # The list of PACT 2.1 has no entry for ISO 14083, which the next two name; iLEAP's own examples use this one.
        "crossSectoralStandardsUsed": ["GHG Protocol Product standard"],
        "crossSectoralStandards": [],
        "productOrSectorSpecificRules": [
            {"operator": "Other", "ruleNames": ["ISO 14083:2023"], "otherOperatorName": "ISO"}
        ],
        "boundaryProcessesDescription": _BOUNDARY,
        "referencePeriodStart": time_text(datetime(issuer.year, 1, 1, tzinfo=UTC)),
        "referencePeriodEnd": time_text(datetime(issuer.year + 1, 1, 1, tzinfo=UTC)),
        **({"secondaryEmissionFactorSources": sources} if sources else {}),
        "exemptedEmissionsPercent": 0,
        "exemptedEmissionsDescription": "",
        "packagingEmissionsIncluded": False,
        "allocationRulesDescription": _ALLOCATION,
        **({"uncertaintyAssessmentDescription": issuer.uncertainty} if issuer.uncertainty else {}),
        "primaryDataShare": 0,
    }
