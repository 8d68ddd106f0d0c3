import msgspec


class Line(msgspec.Struct, frozen=True):
    """One figure beside its floor. value and floor in `unit`; with no floor the aim is for the value itself."""

    name: str
    value: float
    aim: float | None
    floor: float | None
    unit: str = "ms"

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def missed(self) -> bool:
        reached = self.ratio if self.floor else self.value
        return self.aim is not None and reached > self.aim


def table(lines: list[Line]) -> str:
    rows = [f"{'':<46}{'house':>10}{'floor':>10}{'ratio':>8}{'aim':>8}"]
    for one in lines:
        floor = f"{one.floor:.2f}" if one.floor else ""
        ratio = f"{one.ratio:.2f}" if one.ratio else ""
        aim = f"{one.aim:g}" if one.aim else ""
        rows.append(f"{one.name:<46}{one.value:>10.2f}{floor:>10}{ratio:>8}{aim:>8}{'  missed' if one.missed else ''}")
    missed = [one.name for one in lines if one.missed]
    return "\n".join([*rows, "", f"Missed: {'; '.join(missed)}." if missed else "Every aim is met."])
