"""The balanced profile of `optin scrub`, in which detectors decide."""
