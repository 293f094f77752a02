"""Assembly of the City from layers: neighbourhoods, residents, streets, timetable."""
