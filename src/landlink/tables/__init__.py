"""The data contract: what each table of a study holds, and how it is read, checked and written."""
