"""The rules of the linter, one file each: `ID`, `SEVERITY`, `ABOUT` and `find(case)`. A file here is a rule; nothing else registers it."""
