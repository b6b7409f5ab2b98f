"""`calendars.<name>`: the open hours that a policy's `sla.calendar` counts in."""

from datetime import date

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.policy.strict import Strict
from gateway.sla.calendar import BusinessCalendar
from gateway.sla.declared import Undeclarable, holidays_of, hours_of, zone_of


class HolidaySettings(Strict):
    """Whose public holidays are closed."""

    country: str = Field(min_length=2, max_length=3)
    subdivision: str | None = Field(default=None, min_length=1, max_length=20)


class CalendarSettings(Strict):
    """One business calendar; what is not open is closed."""

    zone: str = Field(min_length=1, max_length=100)
    hours: dict[str, list[str] | str] = Field(min_length=1)
    holidays: HolidaySettings | None = None
    closed: list[date] = Field(default_factory=list)

    def calendar(self, name: str) -> BusinessCalendar:
        """The calendar itself."""
        stretches = {days: [hours] if isinstance(hours, str) else hours for days, hours in self.hours.items()}
        country, part = (self.holidays.country, self.holidays.subdivision) if self.holidays else (None, None)
        return BusinessCalendar(
            name, zone_of(self.zone), hours_of(stretches), holidays_of(country, part, tuple(self.closed))
        )

    @model_validator(mode="after")
    def _declarable(self) -> "CalendarSettings":
        try:
            self.calendar("")
        except Undeclarable as error:
            raise PydanticCustomError("calendar", "{message}", {"message": str(error)}) from error
        return self
