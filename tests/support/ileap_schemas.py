"""JSON Schemas of the documents of an iLEAP export.

They are landlink's own, written from the text of the specifications: iLEAP Technical Specifications 1.0.0, sections 6
(data model) and 7.2 (mapping to PACT), and the PACT data model 2.1. The schemas that iLEAP publishes are not part of
landlink; a folder with them, named by the variable ``LANDLINK_ILEAP_SCHEMAS``, is used beside these. Ours are stricter:
no unknown properties, and rules that the published ones leave to the text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

Schema = dict[str, Any]

#: A positive decimal; the data model allows a sign, which nothing here has.
AMOUNT: Schema = {"type": "string", "pattern": r"^\d+(\.\d+)?$"}
DEGREES: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
TEXT: Schema = {"type": "string", "minLength": 1}
UUID: Schema = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"}
URN: Schema = {"type": "string", "pattern": "^urn:[a-z0-9][a-z0-9-]*:.+$"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", "format": "date-time"}
MODE: Schema = {"enum": ["Road", "Rail", "Air", "Sea", "InlandWaterway"]}


def record(needed: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **rules: Any) -> Schema:
    """Schema of an object with these properties and no others."""
    return {
        "type": "object",
        "required": list(needed),
        "properties": {**needed, **(optional or {})},
        "additionalProperties": False,
        **rules,
    }


def several(item: Schema, *, least: int = 1) -> Schema:
    """Schema of an array."""
    return {"type": "array", "items": item, "minItems": least, "uniqueItems": True}


#: Section 6.6.1: at least one of the three.
DISTANCE = record({}, {"actual": AMOUNT, "gcd": AMOUNT, "sfd": AMOUNT}, minProperties=1)
#: Section 6.6.2.
LOCATION = record(
    {"city": TEXT, "country": {"type": "string", "pattern": "^[A-Z]{2}$"}},
    {"street": TEXT, "zip": TEXT, "iata": TEXT, "locode": TEXT, "uic": TEXT, "lat": DEGREES, "lng": DEGREES},
)
#: Sections 6.6.6 to 6.6.8.
FEEDSTOCK = record(
    {"feedstock": {"enum": ["Fossil", "Natural gas", "Grid", "Renewable electricity", "Cooking oil"]}},
    {"feedstockShare": AMOUNT, "regionProvenance": TEXT},
)
CARRIER_NAMES = [
    "Diesel", "HVO", "Petrol", "CNG", "LNG", "LPG", "HFO", "MGO", "Aviation fuel", "Hydrogen", "Methanol", "Electric",
]  # fmt: skip
ENERGY_CARRIER = record(
    {"energyCarrier": {"enum": CARRIER_NAMES}, "relativeShare": AMOUNT, "emissionFactorWTW": AMOUNT,
     "emissionFactorTTW": AMOUNT},
    {"feedstocks": several(FEEDSTOCK), "energyConsumption": AMOUNT,
     "energyConsumptionUnit": {"enum": ["l", "kg", "kWh", "MJ"]}},
    dependencies={"energyConsumption": ["energyConsumptionUnit"]},
)  # fmt: skip
INTENSITIES = {"energyCarriers": several(ENERGY_CARRIER), "co2eIntensityWTW": AMOUNT, "co2eIntensityTTW": AMOUNT}
CERTIFIED = several({"enum": ["ISO14083:2023", "GLECv2", "GLECv3", "GLECv3.1"]})
TEMPERATURE: Schema = {"enum": ["ambient", "refrigerated", "mixed"]}

#: Section 6.2: a transport operation or a hub operation.
TCE = record(
    {"tceId": UUID, "shipmentId": UUID, "mass": AMOUNT, "distance": DISTANCE, "transportActivity": AMOUNT,
     "co2eWTW": AMOUNT, "co2eTTW": AMOUNT},
    {"prevTceIds": several(UUID, least=0), "tocId": UUID, "hocId": UUID, "consignmentId": UUID, "origin": LOCATION,
     "destination": LOCATION, "departureAt": TIME, "arrivalAt": TIME},
    oneOf=[{"required": ["tocId"]}, {"required": ["hocId"]}],
)  # fmt: skip
#: Sections 6.1, 6.3, 6.4 and 6.5.
DATA: dict[str, Schema] = {
    "shipment-footprint": record(
        {"mass": AMOUNT, "shipmentId": UUID, "tces": several(TCE)}, {"volume": AMOUNT}
    ),
    "toc": record(
        {"tocId": UUID, "mode": MODE, **INTENSITIES, "transportActivityUnit": {"enum": ["TEUkm", "tkm"]}},
        {"certifications": CERTIFIED, "description": TEXT, "loadFactor": AMOUNT, "emptyDistanceFactor": AMOUNT,
         "temperatureControl": TEMPERATURE, "truckLoadingSequence": {"enum": ["LTL", "FTL"]}},
    ),
    "hoc": record(
        {"hocId": UUID, "hubType": {"enum": ["Transshipment", "StorageAndTransshipment", "Warehouse",
         "LiquidBulkTerminal", "MaritimeContainerTerminal"]}, **INTENSITIES,
         "hubActivityUnit": {"enum": ["TEU", "tonnes"]}},
        {"certifications": CERTIFIED, "description": TEXT, "temperatureControl": TEMPERATURE, "hubLocation": LOCATION,
         "inboundTransportMode": MODE, "outboundTransportMode": MODE},
    ),
    "tad": record(
        {"activityId": UUID, "consignmentIds": several(UUID), "distance": DISTANCE, "origin": LOCATION,
         "destination": LOCATION, "departureAt": TIME, "arrivalAt": TIME, "mode": MODE},
        {"mass": AMOUNT, "loadFactor": AMOUNT, "emptyDistanceFactor": AMOUNT,
         "energyCarriers": several(ENERGY_CARRIER), "temperatureControl": {"enum": ["ambient", "refrigerated"]}},
    ),
}  # fmt: skip

#: Properties of PACT's CarbonFootprint that landlink writes; constants by section 7.2.
_PCF = record(
    {
        "declaredUnit": {"enum": ["ton kilometer", "kilogram"]},
        "unitaryProductAmount": AMOUNT,
        "pCfExcludingBiogenic": AMOUNT,
        "fossilGhgEmissions": AMOUNT,
        "fossilCarbonContent": AMOUNT,
        "biogenicCarbonContent": {"const": "0"},
        "characterizationFactors": {"enum": ["AR5", "AR6"]},
        "ipccCharacterizationFactorsSources": several({"type": "string", "pattern": r"^AR\d+$"}),
        "crossSectoralStandardsUsed": several(
            {"enum": ["GHG Protocol Product standard", "ISO Standard 14067", "ISO Standard 14044"]}
        ),
        "boundaryProcessesDescription": TEXT,
        "referencePeriodStart": TIME,
        "referencePeriodEnd": TIME,
        "exemptedEmissionsPercent": {"type": "number", "minimum": 0, "maximum": 5},
        "exemptedEmissionsDescription": {"type": "string"},
        "packagingEmissionsIncluded": {"const": False},
        "primaryDataShare": {"type": "number", "minimum": 0, "maximum": 100},
    },
    {
        "productMassPerDeclaredUnit": AMOUNT,
        "crossSectoralStandards": {"type": "array"},
        "productOrSectorSpecificRules": several(
            record({"operator": {"const": "Other"}, "ruleNames": several(TEXT), "otherOperatorName": TEXT})
        ),
        "allocationRulesDescription": TEXT,
        "uncertaintyAssessmentDescription": TEXT,
        "secondaryEmissionFactorSources": several(record({"name": TEXT, "version": TEXT})),
    },
)


def footprint_schema(kind: str) -> Schema:
    """Schema of a product footprint whose only extension is of one kind: ``shipment-footprint``, ``toc`` or ``hoc``."""
    extension = record(
        {
            "specVersion": {"const": "2.0.0"},
            "dataSchema": {"const": f"https://api.ileap.sine.dev/{kind}.json"},
            "data": DATA[kind],
        },
        {"documentation": {"const": "https://sine-fdn.github.io/ileap-extension/"}},
    )
    return record(
        {
            "id": UUID,
            "specVersion": {"const": "2.1.0"},
            "version": {"type": "integer", "minimum": 0},
            "created": TIME,
            "status": {"enum": ["Active", "Deprecated"]},
            "companyName": TEXT,
            "companyIds": several(URN),
            "productDescription": {"type": "string"},
            "productIds": several(URN),
            "productCategoryCpc": {"const": "83117"},
            "productNameCompany": TEXT,
            "comment": {"type": "string"},
            "pcf": _PCF,
            "extensions": {"type": "array", "items": extension, "minItems": 1, "maxItems": 1},
        }
    )


def published_schema(name: str) -> Schema | None:
    """Schema that iLEAP publishes, such as ``toc``, from the folder that the variable names; ``None`` without one."""
    folder = os.environ.get("LANDLINK_ILEAP_SCHEMAS", "")
    path = Path(folder) / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if folder and path.is_file() else None


def faults(document: Any, schema: Schema) -> list[str]:
    """What is wrong with a document."""
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]
