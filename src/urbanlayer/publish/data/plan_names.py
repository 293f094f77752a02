"""Names of what a plan tells of by key: neighbourhoods, sites, actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urbanlayer.publish.action_sheet import Sheets
from urbanlayer.publish.names import name_of, neighbourhood_names

if TYPE_CHECKING:
    from urbanlayer.model.plan import Plan
    from urbanlayer.model.publication import Publication
    from urbanlayer.publish.words import Words


def plan_names(publication: Publication, plan: Plan, words: Words) -> dict[str, dict[str, str]]:
    """Names of neighbourhoods, of chosen sites and of actions by key, where they have one.

    Parameters
    ----------
    publication
        With its plan.
    plan
        Of the publication.
    words
        Of the language of the names.
    """
    keys = map(str, publication.city.neighbourhoods.keys)
    neighbourhoods = dict(zip(keys, neighbourhood_names(publication, words), strict=True))
    sites = {
        key: name_of(key, siting.names, words.language, publication.spec)
        for siting in plan.siting
        for keys in (siting.chosen, *(chosen for chosen, _ in siting.alternatives))
        for key in keys
    }
    sheets = Sheets.of(publication, words)
    actions = {one.id: sheets.name(one) for one in sheets.programme.facts} if sheets else {}
    found = {"neighbourhoods": neighbourhoods, "sites": sites, "actions": actions}
    return {
        kind: {key: name for key, name in names.items() if name != key}
        for kind, names in found.items()
    }
