"""Beangulp's door: a provider's billing export in, drawdowns of deals out."""
