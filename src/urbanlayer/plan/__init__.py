"""The action plan: needs and ranks, sites, an investment programme, scenarios."""
