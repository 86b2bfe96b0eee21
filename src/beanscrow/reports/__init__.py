"""The tables people ask for: folds over what policy decided, tied to what was booked."""
