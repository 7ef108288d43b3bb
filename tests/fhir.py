"""Reads bundles, one a line, with a FHIR R4 model that nobody here wrote, and says what is wrong with them.

The model is PyPI's fhir.resources 6.4.0, which is R4 (4.0.1): types, mandatory elements, choices, formats. What it
leaves to others is checked here: codes of required bindings, types of references, references that lead nowhere.
"""

import json
import sys
from collections import Counter

import fhir.resources
from fhir.resources.bundle import Bundle

assert fhir.resources.__fhir_version__ == "4.0.1", fhir.resources.__fhir_version__


def walk(model, path, found):
    """Every element of a model, with the rules of its field."""
    for name, field in model.__fields__.items():
        value = getattr(model, name)
        if value is None:
            continue
        for item in value if isinstance(value, list) else [value]:
            at = f"{path}.{field.alias}"
            allowed = field.field_info.extra.get("enum_values")
            if allowed and isinstance(item, str) and item not in allowed:
                found.append(f"{at}: {item!r} isn't one of {allowed}")
            if isinstance(item, str) and not item.strip():
                found.append(f"{at}: blank")
            if hasattr(item, "__fields__"):
                targets = field.field_info.extra.get("enum_reference_types")
                if targets and getattr(item, "reference", None):
                    found.append((at, item.reference, targets))
                walk(item, at, found)


def check(line):
    data = json.loads(line)
    bundle = Bundle.parse_raw(line)
    # Nothing that the model dropped or changed.
    assert json.loads(bundle.json()) == data, "not the same when written again"
    assert bundle.type == "collection" and bundle.total is None, "not a collection"
    kinds = {}
    for entry in bundle.entry:
        assert entry.fullUrl == f"urn:uuid:{entry.resource.id}", "fullUrl and id differ"
        assert entry.fullUrl not in kinds, "the same fullUrl twice"
        kinds[entry.fullUrl] = entry.resource.resource_type
    found = []
    walk(bundle, "Bundle", found)
    used = {"CoverageEligibilityResponse"}
    problems = [problem for problem in found if isinstance(problem, str)]
    for at, reference, targets in [problem for problem in found if not isinstance(problem, str)]:
        kind = kinds.get(reference)
        if kind is None:
            problems.append(f"{at}: leads nowhere: {reference}")
        elif kind not in targets:
            problems.append(f"{at}: a {kind} where one of {targets} belongs")
        used.add(kind)
    problems += [f"nobody refers to a {kind}" for kind in kinds.values() if kind not in used]
    by_kind = Counter(kinds.values())
    for kind in ("CoverageEligibilityRequest", "CoverageEligibilityResponse"):
        if by_kind[kind] != 1:
            problems.append(f"{by_kind[kind]} of {kind}")
    resources = {entry.resource.resource_type: entry.resource for entry in bundle.entry}
    response = resources["CoverageEligibilityResponse"]
    # R4: an organization has a name or an identifier (org-1).
    for entry in bundle.entry:
        resource = entry.resource
        if resource.resource_type == "Organization" and not (resource.name or resource.identifier):
            problems.append("org-1")
    if (response.outcome == "error") != bool(response.error):
        problems.append("outcome and error don't agree")
    return problems, response.outcome


def main():
    seen, wrong = Counter(), 0
    for number, line in enumerate(sys.stdin, 1):
        try:
            problems, outcome = check(line)
        except Exception as error:  # Whatever the model says.
            problems, outcome = [str(error)], "unreadable"
        seen[outcome] += 1
        for problem in problems:
            print(f"{number}: {problem}", file=sys.stderr)
        wrong += bool(problems)
    print(f"{sum(seen.values())} bundles, {wrong} with errors; outcomes: {dict(seen)}")
    sys.exit(1 if wrong or sum(seen.values()) < 1000 or len(seen) < 4 else 0)


main()
