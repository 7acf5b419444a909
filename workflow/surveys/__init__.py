"""联合踏勘: crews and their calendars, joint times, appointments, the visit itself."""
