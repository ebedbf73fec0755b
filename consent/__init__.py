"""Who agreed to what, until when: notice, grant, withdrawal, organisation policy and lease, all signed."""
