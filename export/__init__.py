"""The gate and the data set: only what is consented, redacted and approved leaves. Never touches raw data."""
