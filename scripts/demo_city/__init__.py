"""The maker of the demonstration city: facts and hand-set lines in, municipal layers out."""
