"""Facts of this office that rules and pages need: settings, calendar, audit trail."""
