"""One file for each way to bring data in; each exports `SOURCE`."""
