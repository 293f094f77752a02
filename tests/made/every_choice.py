"""Every choice of sites, and every programme, counted one by one in plain Python.

Written from docs/plan.md; it shares no line with the package. `grid_city` gives the walks.
"""

from __future__ import annotations

import itertools
from math import inf, isfinite

from scipy.optimize import linprog

WITHIN = 1e-6
NEAR = 1e-7


class Sites:
    """One request for sites: each choice with what it is compared by."""

    def __init__(self, city, walks, request, needs):
        self.city, self.request = city, request
        places = {**city.facilities, **city.sites}
        self.metres = {
            key: [walks.metres(home, at) for home in city.homes] for key, at in places.items()
        }
        usable = [key for key in city.sites if any(map(isfinite, self.metres[key]))]
        self.usable = sorted(usable)
        self.limit = request.get("within_m", inf) + WITHIN
        weights = request.get("weights", "people")
        by_hood = needs if weights == "need" else {} if weights == "people" else weights
        unnamed = 1.0 if weights == "people" else 0.0
        self.weight = [by_hood.get(hood, unnamed) or 0.0 for hood in city.hoods]

    @property
    def nearest_only(self):
        return "capacity" in self.request and not self.request.get("may_pass_full", True)

    def choices(self):
        """Every choice that may be made."""
        new, budget = self.request.get("new"), self.request.get("budget")
        plots = len({self.city.sites[key] for key in self.usable})
        for count in range(plots + 1):
            if budget is None and new is not None:
                most = min(new, plots)
                if count > most or (count < most and not self.nearest_only):
                    continue
            for chosen in itertools.combinations(self.usable, count):
                if len({self.city.sites[key] for key in chosen}) < count:
                    continue
                if budget is None or sum(map(self.city.prices.get, chosen)) <= budget:
                    yield chosen

    def flows(self, chosen):
        """(home, facility, people) of each who goes somewhere."""
        opened = [*sorted(self.city.facilities), *chosen]
        people = self.city.people
        if "capacity" in self.request and not self.nearest_only:
            return self._divided(opened)
        found = []
        for home in range(len(people)):
            near = min(opened, key=lambda key: self.metres[key][home], default=None)
            if near is not None and isfinite(self.metres[near][home]):
                found.append((home, near, float(people[home])))
        if not self.nearest_only:
            return found
        if self.request["problem"] != "min_distance":  # which has no cap
            found = [one for one in found if self.metres[one[1]][one[0]] <= self.limit]
        come = dict.fromkeys(opened, 0.0)
        for _, key, count in found:
            come[key] += count
        return [
            (home, key, count * min(1.0, self.city.places[key] / max(come[key], 1e-12)))
            for home, key, count in found
        ]

    def _divided(self, opened):
        """The flow of most value, then of most people, then of fewest metres; None for none."""
        shortest = self.request["problem"] == "min_distance"
        pairs = [
            (home, key) for home in range(len(self.city.people)) for key in opened
            if (shortest or self.metres[key][home] <= self.limit)
            and isfinite(self.metres[key][home])
        ]  # fmt: skip
        if not pairs:
            return None if self.request.get("floor", 0) > 0 else []
        rows, most = [], []
        for home, count in enumerate(self.city.people):
            rows.append([float(pair[0] == home) for pair in pairs])
            most.append(count)
        for key in opened:
            rows.append([float(pair[1] == key) for pair in pairs])
            most.append(self.city.places[key])
        for hood in set(self.city.hoods):
            of = zip(self.city.hoods, self.city.people, strict=True)
            total = sum(count for one, count in of if one == hood)
            rows.append([
                -float(self.city.hoods[home] == hood and self.metres[key][home] <= self.limit)
                for home, key in pairs
            ])  # fmt: skip
            most.append(-self.request.get("floor", 0) * total + NEAR)
        heads = [-1.0] * len(pairs)
        walked = [self.metres[key][home] for home, key in pairs]
        weight = [self.weight[home] or 0.0 for home, _ in pairs]
        weighted = [a * b for a, b in zip(weight, walked, strict=True)]
        orders = [heads, weighted] if shortest else [[-one for one in weight], heads]
        for order in [*orders, walked]:
            found = linprog(order, rows, most, method="highs-ds")
            if found.x is None:
                return None
            rows, most = [*rows, order], [*most, found.fun + NEAR * max(1, abs(found.fun))]
        flow = zip(pairs, found.x, strict=True)
        return [(home, key, count) for (home, key), count in flow if count > 1e-9]

    def measured(self, chosen):
        """Reached, value, people, cost and metres of a choice; None where a floor is broken."""
        flows = self.flows(chosen)
        if flows is None:
            return None
        served = [0.0] * len(self.city.people)
        reached = value = walked = 0.0
        shortest = self.request["problem"] == "min_distance"
        for home, key, count in flows:
            metres = self.metres[key][home]
            reached += count
            if metres <= self.limit:
                served[home] += count
            if shortest or metres <= self.limit:
                walked += count * metres
            if shortest:
                value -= self.weight[home] * count * metres
            elif metres <= self.limit:
                value += self.weight[home] * count
        if self.share(served) < self.request.get("floor", 0) - NEAR:
            return None
        cost = sum(map(self.city.prices.get, chosen)) if "cost" in self.request else 0
        return reached if shortest else 0.0, value, sum(served), cost, walked, served

    def share(self, served):
        """The least share of served people of a neighbourhood where people live."""
        shares = []
        for hood in set(self.city.hoods):
            rows = [row for row, one in enumerate(self.city.hoods) if one == hood]
            total = sum(self.city.people[row] for row in rows)
            if total:
                shares.append(sum(served[row] for row in rows) / total)
        return min(shares, default=1.0)

    def best(self):
        """The choice that comes first, its measures, and the number of equal value."""
        every = {chosen: self.measured(chosen) for chosen in self.choices()}
        every = {chosen: one for chosen, one in every.items() if one is not None}
        if not every:
            return None, None, 0
        if self.request["problem"] == "full_coverage":
            most = max(one[2] for one in every.values())
            every = {c: one for c, one in every.items() if one[2] >= most - NEAR}
            fewest = min(map(len, every))
            every = {c: one for c, one in every.items() if len(c) == fewest}
        top = max(one[0] for one in every.values())
        every = {c: one for c, one in every.items() if one[0] >= top - NEAR}
        top = max(one[1] for one in every.values())
        equal = {c: one for c, one in every.items() if one[1] >= top - NEAR * max(1, abs(top))}
        first = min(
            equal, key=lambda c: (-round(equal[c][2], 5), equal[c][3], round(equal[c][4], 4), c)
        )
        return first, equal[first], len(equal)

    def greatest_floor(self):
        """The greatest share under which no neighbourhood need be (without room to divide)."""
        request, self.request = self.request, {**self.request, "floor": 0}
        found = max(self.share(self.measured(chosen)[5]) for chosen in self.choices())
        self.request = request
        return found


class Programmes:
    """Every programme of some actions.

    `actions` are dicts with key, payments, running, requires, excludes, promised, earliest,
    service, at (None for no place) and line (a new street).
    """

    def __init__(self, city, walks, plan, actions, needs):
        self.city, self.plan, self.actions = city, plan, actions
        self.years = plan["years"]
        self.weight = [1.0] * len(city.homes)
        if plan["weights"] == "need":
            self.weight = [needs[hood] or 0.0 for hood in city.hoods]
        self.reach = [self._reach(walks(bridge)) for bridge in (False, True)]
        self._known = {}
        self._possible = None

    def _reach(self, walks):
        """Homes within the threshold of what stands, and of each action, by service."""
        limits = self.plan["limits"]
        stands = {
            service: {
                home for home, at in enumerate(self.city.homes)
                if service == "school" and any(
                    walks.metres(at, one) <= limit + WITHIN for one in self.city.facilities.values()
                )
            }
            for service, limit in limits.items()
        }  # fmt: skip
        acts = [
            set() if one["at"] is None else {
                home for home, at in enumerate(self.city.homes)
                if walks.metres(at, one["at"]) <= limits[one["service"]] + WITHIN
            }
            for one in self.actions
        ]  # fmt: skip
        return stands, acts

    def served(self, done):
        """Heads and weighted people newly served by a set of actions."""
        done = frozenset(done)
        if done not in self._known:
            bridge = any(self.actions[row]["line"] is not None for row in done)
            before, (stands, acts) = self.reach[0][0], self.reach[bridge]
            heads = weighted = 0.0
            for service, already in stands.items():
                homes = set(already)
                for row in done:
                    if self.actions[row]["service"] == service:
                        homes |= acts[row]
                for home in homes - before[service]:
                    heads += self.city.people[home]
                    weighted += self.city.people[home] * self.weight[home]
            self._known[done] = heads, weighted
        return self._known[done]

    def spent(self, starts):
        """Money of each year."""
        found = [0] * len(self.years)
        for one, start in zip(self.actions, starts, strict=True):
            if start is None:
                continue
            for year in range(start, len(self.years)):
                paid = year - start
                amount = one["payments"][paid] if paid < len(one["payments"]) else one["running"]
                found[year] += amount
        return found

    def windows(self):
        for one in self.actions:
            first = max(0, (one["earliest"] or self.years[0]) - self.years[0])
            last = len(self.years) - len(one["payments"])
            if one["promised"] is not None and one["promised"] <= self.years[-1]:
                last = min(last, one["promised"] - self.years[0] - len(one["payments"]) + 1)
                yield list(range(first, last + 1))
            else:
                yield [None, *range(first, last + 1)]

    def possible(self):
        """Every programme that keeps what is required and excluded, with its money by year."""
        if self._possible is None:
            starts = itertools.product(*self.windows())
            self._possible = [(one, self.spent(one)) for one in starts if self._kept(one)]
        return self._possible

    def _kept(self, starts):
        row_of = {one["key"]: row for row, one in enumerate(self.actions)}
        for start, one in zip(starts, self.actions, strict=True):
            if start is None:
                continue
            required = [starts[row_of[key]] for key in one["requires"]]
            if any(other is None or other > start for other in required):
                return False
            if any(starts[row_of[key]] is not None for key in one["excludes"]):
                return False
        return True

    def _paid(self, spent, budgets):
        if not self.plan["carry_over"]:
            return all(a <= b for a, b in zip(spent, budgets, strict=True))
        pairs = zip(itertools.accumulate(spent), itertools.accumulate(budgets), strict=True)
        return all(a <= b for a, b in pairs)

    def serving(self, starts, year):
        """Rows of the actions that serve in a year."""
        later = self.plan["serves_from"] == "next_year"
        return [
            row for row, start in enumerate(starts)
            if start is not None and start + len(self.actions[row]["payments"]) - 1 + later <= year
        ]  # fmt: skip

    def value(self, starts, column, objective):
        """People at the end, or person-years: heads (0) or weighted (1)."""
        last = len(self.years) - 1
        if objective == "people":
            return self.served(self.serving(starts, last))[column]
        rate = 1.0 + self.plan["discount"]
        return sum(
            self.served(self.serving(starts, year))[column] / rate**year for year in range(last + 1)
        )

    def best(self, budgets, column, objective):
        """The programme that comes first; None where a promise cannot be kept."""
        best = None
        for starts, spent in self.possible():
            if not self._paid(spent, budgets):
                continue
            order = (
                -round(self.value(starts, column, objective), 6),
                sum(spent),
                sum(one + 1 for one in starts if one is not None),
                tuple(one is None for one in starts),
                tuple(one for one in starts if one is not None),
            )
            if best is None or order < best[0]:
                best = order, starts
        return None if best is None else best[1]
